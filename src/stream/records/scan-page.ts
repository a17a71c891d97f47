// Where in the bytes of a GetRecords answer each record and its fields are: a page read once, and nothing made of it yet.
import { isUtf8 } from 'node:buffer';
import { bytesOf } from '../../model/bytes/byte-writer.js';
import { nameEnd, numberEnd, REFUSED, startsWith, valueEnd } from '../../model/bytes/json-bytes.js';
import { FIELD, RawRecords } from './raw-records.js';

export interface ScannedPage {
  readonly records: RawRecords;
  readonly next?: string;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const NEXT = bytesOf('"NextShardIterator"');
const RECORDS = bytesOf('"Records"');
const EVENT_ID = bytesOf('"eventID"');
const EVENT_NAME = bytesOf('"eventName"');
const DYNAMODB = bytesOf('"dynamodb"');
const IDENTITY = bytesOf('"userIdentity"');
const KEYS = bytesOf('"Keys"');
const NEW_IMAGE = bytesOf('"NewImage"');
const OLD_IMAGE = bytesOf('"OldImage"');
const SEQUENCE = bytesOf('"SequenceNumber"');
const CREATED_AT = bytesOf('"ApproximateCreationDateTime"');
const EVENTS = ['INSERT', 'MODIFY', 'REMOVE'].map((name) => bytesOf(`"${name}"`));

/**
 * Undefined for what is not compact JSON in UTF-8 of the answer's form: `JSON.parse` has the last word on that.
 * `onRelease` is called when the records are released, and with them the bytes.
 */
export function scanPage(bytes: Buffer, onRelease: () => void = () => {}): ScannedPage | undefined {
  if (!isUtf8(bytes)) return undefined;
  const scan = new PageScan(bytes, onRelease);
  const end = scan.members(0, scan.pageMember);
  if (end !== bytes.length) return undefined;
  const { records, next } = scan;
  return { records, ...(next === undefined ? {} : { next }) };
}

/**
 * Takes the member of an object whose name stands at `name` (with its quotes, up to `colon`) and whose value begins
 * behind that; gives the index behind the value.
 */
type Member = (name: number, colon: number) => number;

class PageScan {
  readonly records: RawRecords;
  next: string | undefined;

  constructor(
    private readonly bytes: Buffer,
    onRelease: () => void,
  ) {
    this.records = new RawRecords(bytes, onRelease);
  }

  /** Walks the object whose brace is at `at`; the index behind it. */
  members(at: number, member: Member): number {
    const { bytes } = this;
    if (bytes[at] !== OPEN_OBJECT) return REFUSED;
    let i = at + 1;
    if (bytes[i] === CLOSE_OBJECT) return i + 1;
    for (;;) {
      const colon = nameEnd(bytes, i);
      if (colon === REFUSED || bytes[colon] !== COLON) return REFUSED;
      i = member(i, colon);
      if (i === REFUSED) return REFUSED;
      if (bytes[i] === CLOSE_OBJECT) return i + 1;
      if (bytes[i] !== COMMA) return REFUSED;
      i += 1;
    }
  }

  readonly pageMember: Member = (name, colon) => {
    const { bytes } = this;
    const value = colon + 1;
    if (this.is(RECORDS, name, colon)) return this.recordList(value);
    const end = valueEnd(bytes, value);
    if (end !== REFUSED && bytes[value] === QUOTE && this.is(NEXT, name, colon)) {
      this.next = String(this.records.parse(value, end));
    }
    return end;
  };

  private recordList(at: number): number {
    const { bytes, records } = this;
    if (bytes[at] !== OPEN_LIST || records.length > 0) return REFUSED;
    let i = at + 1;
    if (bytes[i] === CLOSE_LIST) return i + 1;
    for (;;) {
      records.add(i);
      i = this.members(i, this.recordMember);
      if (i === REFUSED) return REFUSED;
      records.set(FIELD.end, i);
      records.noteOrder();
      if (bytes[i] === CLOSE_LIST) return i + 1;
      if (bytes[i] !== COMMA) return REFUSED;
      i += 1;
    }
  }

  private readonly recordMember: Member = (name, colon) => {
    const { bytes, records } = this;
    const value = colon + 1;
    if (this.is(DYNAMODB, name, colon)) return this.members(value, this.streamMember);
    const end = valueEnd(bytes, value);
    if (end === REFUSED) return REFUSED;
    if (this.is(EVENT_ID, name, colon)) {
      records.set(FIELD.eventId, value);
      records.set(FIELD.eventIdEnd, end);
      if (bytes[value] !== QUOTE) records.set(FIELD.isOdd, 1);
    } else if (this.is(EVENT_NAME, name, colon)) {
      records.set(FIELD.event, value + 1);
      if (!EVENTS.some((event) => startsWith(bytes, value, event))) records.set(FIELD.isOdd, 1);
    } else if (this.is(IDENTITY, name, colon)) records.set(FIELD.isOdd, 1);
    return end;
  };

  private readonly streamMember: Member = (name, colon) => {
    const { bytes, records } = this;
    const value = colon + 1;
    if (this.is(CREATED_AT, name, colon)) return this.creationTime(value);
    const end = valueEnd(bytes, value);
    if (end === REFUSED) return REFUSED;
    if (this.is(KEYS, name, colon)) records.set(FIELD.keys, value);
    else if (this.is(NEW_IMAGE, name, colon)) {
      records.set(FIELD.newImage, value);
      records.set(FIELD.newImageEnd, end);
    } else if (this.is(OLD_IMAGE, name, colon)) {
      records.set(FIELD.oldImage, value);
      records.set(FIELD.oldImageEnd, end);
    } else if (this.is(SEQUENCE, name, colon)) {
      // What is no decimal text is named by the decoder, which has to see it for that.
      if (!isDigits(bytes, value + 1, end - 1)) return REFUSED;
      records.set(FIELD.sequence, value);
      records.set(FIELD.sequenceEnd, end);
    }
    return end;
  };

  private creationTime(value: number): number {
    const { bytes, records } = this;
    const end = numberEnd(bytes, value);
    if (end === REFUSED) return REFUSED;
    const seconds = isDigits(bytes, value, end)
      ? digitsValue(bytes, value, end)
      : Number(bytes.toString('latin1', value, end));
    records.setCreatedAt(Math.round(seconds * 1_000));
    return end;
  }

  /** True when the name at `start`, up to `end`, is this one, quotes included. */
  private is(wanted: Uint8Array, start: number, end: number): boolean {
    return end - start === wanted.length && startsWith(this.bytes, start, wanted);
  }
}

function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start) return false;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i];
    if (byte === undefined || byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

function digitsValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  // Cast: these are digits.
  for (let i = start; i < end; i += 1) value = value * 10 + (bytes[i] as number) - 0x30;
  return value;
}
