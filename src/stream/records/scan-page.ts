// Where in the bytes of a GetRecords answer each record and its fields are: a page read once, and nothing made of it yet.
import { isUtf8 } from 'node:buffer';
import { bytesOf } from '../../model/bytes/byte-writer.js';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isDigits,
  numberEnd,
  OPEN_LIST,
  OPEN_OBJECT,
  plainStringEnd,
  QUOTE,
  REFUSED,
  skipSpace,
  startsWith,
  valueEnd,
  ZERO,
} from '../../model/bytes/json-bytes.js';
import { FIELD, RawRecords } from './raw-records.js';

export interface ScannedPage {
  readonly records: RawRecords;
  readonly next?: string;
}

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
 * Undefined for what is not JSON in UTF-8 of the answer's form: `JSON.parse` has the last word on that.
 * `onRelease` is called when the records are released, and with them the bytes.
 */
export function scanPage(bytes: Buffer, onRelease: () => void = () => {}): ScannedPage | undefined {
  if (!isUtf8(bytes)) return undefined;
  const scan = new PageScan(bytes, onRelease);
  const end = scan.members(skipSpace(bytes, 0), scan.pageMember);
  if (end === REFUSED || skipSpace(bytes, end) !== bytes.length) return undefined;
  const { records, next } = scan;
  return { records, ...(next === undefined ? {} : { next }) };
}

/** Takes a member of an object: where its name is, quotes included, and its value. Gives the index behind the value. */
type Member = (name: number, nameEnd: number, value: number) => number;

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
    let i = skipSpace(bytes, at + 1);
    if (bytes[i] === CLOSE_OBJECT) return i + 1;
    for (;;) {
      const end = plainStringEnd(bytes, i);
      if (end === REFUSED) return REFUSED;
      const colon = skipSpace(bytes, end);
      if (bytes[colon] !== COLON) return REFUSED;
      i = member(i, end, skipSpace(bytes, colon + 1));
      if (i === REFUSED) return REFUSED;
      i = skipSpace(bytes, i);
      if (bytes[i] === CLOSE_OBJECT) return i + 1;
      if (bytes[i] !== COMMA) return REFUSED;
      i = skipSpace(bytes, i + 1);
    }
  }

  readonly pageMember: Member = (name, nameEnd, value) => {
    const { bytes } = this;
    if (this.is(RECORDS, name, nameEnd)) return this.recordList(value);
    const end = valueEnd(bytes, value);
    if (end !== REFUSED && bytes[value] === QUOTE && this.is(NEXT, name, nameEnd)) {
      this.next = String(this.records.parse(value, end));
    }
    return end;
  };

  private recordList(at: number): number {
    const { bytes, records } = this;
    if (bytes[at] !== OPEN_LIST || records.length > 0) return REFUSED;
    let i = skipSpace(bytes, at + 1);
    if (bytes[i] === CLOSE_LIST) return i + 1;
    for (;;) {
      records.add(i);
      i = this.members(i, this.recordMember);
      if (i === REFUSED) return REFUSED;
      records.set(FIELD.end, i);
      records.noteOrder();
      i = skipSpace(bytes, i);
      if (bytes[i] === CLOSE_LIST) return i + 1;
      if (bytes[i] !== COMMA) return REFUSED;
      i = skipSpace(bytes, i + 1);
    }
  }

  private readonly recordMember: Member = (name, nameEnd, value) => {
    const { bytes, records } = this;
    if (this.is(DYNAMODB, name, nameEnd)) return this.members(value, this.streamMember);
    const end = valueEnd(bytes, value);
    if (end === REFUSED) return REFUSED;
    if (this.is(EVENT_ID, name, nameEnd)) {
      records.set(FIELD.eventId, value);
      records.set(FIELD.eventIdEnd, end);
      if (bytes[value] !== QUOTE) records.set(FIELD.isOdd, 1);
    } else if (this.is(EVENT_NAME, name, nameEnd)) {
      records.set(FIELD.event, value + 1);
      if (!EVENTS.some((event) => startsWith(bytes, value, event))) records.set(FIELD.isOdd, 1);
    } else if (this.is(IDENTITY, name, nameEnd)) records.set(FIELD.isOdd, 1);
    return end;
  };

  private readonly streamMember: Member = (name, nameEnd, value) => {
    const { bytes, records } = this;
    if (this.is(CREATED_AT, name, nameEnd)) return this.creationTime(value);
    const end = valueEnd(bytes, value);
    if (end === REFUSED) return REFUSED;
    if (this.is(KEYS, name, nameEnd)) records.set(FIELD.keys, value);
    else if (this.is(NEW_IMAGE, name, nameEnd)) {
      records.set(FIELD.newImage, value);
      records.set(FIELD.newImageEnd, end);
    } else if (this.is(OLD_IMAGE, name, nameEnd)) {
      records.set(FIELD.oldImage, value);
      records.set(FIELD.oldImageEnd, end);
    } else if (this.is(SEQUENCE, name, nameEnd)) {
      // What is no decimal text is named by the decoder, which has to see it for that.
      if (bytes[value] !== QUOTE || !isDigits(bytes, value + 1, end - 1)) return REFUSED;
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

function digitsValue(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  // Cast: these are digits.
  for (let i = start; i < end; i += 1) value = value * 10 + (bytes[i] as number) - ZERO;
  return value;
}
