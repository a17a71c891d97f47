// An image's wire bytes straight to the bytes of its plain JSON: what `toPlainJson` makes by way of objects. Strings are
// copied as they came, escapes included, and so are numbers that are already JSON's; nothing is decoded to be written
// out again. Whatever is out of the ordinary is refused, and the caller takes the way over objects.
import { isBase64 } from '../base64.js';
import { DecimalNumber, decodeNumber } from '../decimal.js';
import { type ByteWriter, bytesOf } from './byte-writer.js';
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  MINUS,
  NINE,
  OPEN_LIST,
  OPEN_OBJECT,
  POINT,
  QUOTE,
  REFUSED,
  skipSpace,
  startsWith,
  stringEnd,
  ZERO,
} from './json-bytes.js';

const DOLLAR = 0x24;

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
const NULL = bytesOf('null');
const DECIMAL = bytesOf('{"$N":"');
const BINARY = bytesOf('{"$B":');
const STRING_SET = bytesOf('{"$SS":[');
const NUMBER_SET = bytesOf('{"$NS":[');
const BINARY_SET = bytesOf('{"$BS":[');
const BOOL_TAG = bytesOf('BOOL"');
const NULL_TAG = bytesOf('NULL"');

/** Up to so many digits always come back from a double, so that JSON can carry them as they are. */
const EXACT_DIGITS = 15;
/** How a fraction begins that a double prints with an exponent: below a millionth. */
const TINY = bytesOf('0.000000');
const MAX_DEPTH = 40;

/** How many bytes the plain JSON of `wireBytes` bytes of image can take. */
export function imageJsonRoom(wireBytes: number): number {
  // Plain JSON is shorter than the wire, but for an empty set's tag and a long decimal's.
  return wireBytes * 2;
}

/** Where the attributes of an image are, by indexes into its bytes. */
export class ImageMembers {
  count = 0;
  private places = new Int32Array(PLACES_A_MEMBER * 32);

  add(name: number, nameEnd: number, value: number): void {
    const at = this.count * PLACES_A_MEMBER;
    if (at === this.places.length) {
      const larger = new Int32Array(this.places.length * 2);
      larger.set(this.places);
      this.places = larger;
    }
    this.places[at] = name;
    this.places[at + 1] = nameEnd;
    this.places[at + 2] = value;
    this.count += 1;
  }

  /** The attribute of this name, which is given with its quotes; -1 where there is none. */
  find(bytes: Uint8Array, name: Uint8Array): number {
    for (let member = 0; member < this.count; member += 1) {
      const at = this.name(member);
      if (this.nameEnd(member) - at === name.length && startsWith(bytes, at, name)) return member;
    }
    return -1;
  }

  /** Of its opening quote. */
  name(member: number): number {
    return this.places[member * PLACES_A_MEMBER] ?? 0;
  }

  /** Behind its closing quote. */
  nameEnd(member: number): number {
    return this.places[member * PLACES_A_MEMBER + 1] ?? 0;
  }

  /** Of the value's brace. */
  value(member: number): number {
    return this.places[member * PLACES_A_MEMBER + 2] ?? 0;
  }
}

const PLACES_A_MEMBER = 3;

/**
 * Writes the plain JSON of the image (`{"Id":{"N":"1"}}`, valid JSON in valid UTF-8) whose brace is at `at`, and returns
 * the index behind it. `REFUSED` for what is no image or needs more care; what was written by then is void. The writer
 * has room for `imageJsonRoom`. `members` is told where the attributes are.
 */
export function writeImageJson(
  bytes: Uint8Array,
  at: number,
  out: ByteWriter,
  members?: ImageMembers,
): number {
  if (members !== undefined) members.count = 0;
  return writeMapJson(bytes, at, out, 0, members);
}

function writeMapJson(
  bytes: Uint8Array,
  at: number,
  out: ByteWriter,
  depth: number,
  members: ImageMembers | undefined,
): number {
  if (bytes[at] !== OPEN_OBJECT || depth > MAX_DEPTH) return REFUSED;
  out.byte(OPEN_OBJECT);
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === CLOSE_OBJECT) {
    out.byte(CLOSE_OBJECT);
    return i + 1;
  }
  const firstName = i;
  for (let names = 1; ; names += 1) {
    const nameEnd = stringEnd(bytes, i);
    if (nameEnd === REFUSED) return REFUSED;
    const colon = skipSpace(bytes, nameEnd);
    if (bytes[colon] !== COLON) return REFUSED;
    out.copy(bytes, i, nameEnd);
    out.byte(COLON);
    const value = skipSpace(bytes, colon + 1);
    if (members !== undefined) members.add(i, nameEnd, value);
    i = writeValueJson(bytes, value, out, depth);
    if (i === REFUSED) return REFUSED;
    i = skipSpace(bytes, i);
    if (bytes[i] === CLOSE_OBJECT) {
      // A map whose only key reads like a tag is wrapped, to be told from the tag.
      if (names === 1 && mayBeTag(bytes, firstName)) return REFUSED;
      out.byte(CLOSE_OBJECT);
      return i + 1;
    }
    if (bytes[i] !== COMMA) return REFUSED;
    out.byte(COMMA);
    i = skipSpace(bytes, i + 1);
  }
}

/** True for a name that begins as the tags of plain JSON do, or with an escape, which may spell anything. */
function mayBeTag(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === DOLLAR || bytes[at + 1] === BACKSLASH;
}

/** One attribute value: `{"S":"…"}`, and nothing else in the braces. */
function writeValueJson(bytes: Uint8Array, at: number, out: ByteWriter, depth: number): number {
  if (bytes[at] !== OPEN_OBJECT) return REFUSED;
  const tag = skipSpace(bytes, at + 1);
  if (bytes[tag] !== QUOTE) return REFUSED;
  const end = writePayload(bytes, tag + 1, out, depth);
  if (end === REFUSED) return REFUSED;
  const close = skipSpace(bytes, end);
  return bytes[close] === CLOSE_OBJECT ? close + 1 : REFUSED;
}

/** The payload behind the tag whose first letter is at `at`. */
function writePayload(bytes: Uint8Array, at: number, out: ByteWriter, depth: number): number {
  if (bytes[at + 1] === QUOTE) {
    const payload = payloadAt(bytes, at + 2);
    switch (bytes[at]) {
      case 0x53: // S
        return copyString(bytes, payload, out);
      case 0x4e: // N
        return writeNumber(bytes, payload, out);
      case 0x4d: // M
        return writeMapJson(bytes, payload, out, depth + 1, undefined);
      case 0x4c: // L
        out.byte(OPEN_LIST);
        return writeRun(bytes, payload, out, (member) => writeValueJson(bytes, member, out, depth + 1));
      case 0x42: // B
        out.put(BINARY);
        return closed(copyBase64(bytes, payload, out), out);
      default:
        return REFUSED;
    }
  }
  if (startsWith(bytes, at, BOOL_TAG)) return writeBool(bytes, payloadAt(bytes, at + BOOL_TAG.length), out);
  if (startsWith(bytes, at, NULL_TAG)) return writeNull(bytes, payloadAt(bytes, at + NULL_TAG.length), out);
  const isSet = bytes[at + 1] === 0x53 && bytes[at + 2] === QUOTE;
  return isSet ? writeSet(bytes, bytes[at], payloadAt(bytes, at + 3), out) : REFUSED;
}

/** The payload behind the colon that follows at `at`; where there is none, an index at which nothing is. */
function payloadAt(bytes: Uint8Array, at: number): number {
  const colon = skipSpace(bytes, at);
  return bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : bytes.length;
}

function writeBool(bytes: Uint8Array, at: number, out: ByteWriter): number {
  const word = startsWith(bytes, at, TRUE) ? TRUE : FALSE;
  if (!startsWith(bytes, at, word)) return REFUSED;
  out.put(word);
  return at + word.length;
}

function writeNull(bytes: Uint8Array, at: number, out: ByteWriter): number {
  if (!startsWith(bytes, at, TRUE)) return REFUSED;
  out.put(NULL);
  return at + TRUE.length;
}

/** `SS`, `NS` or `BS`, told by the first letter. */
function writeSet(bytes: Uint8Array, letter: number | undefined, list: number, out: ByteWriter): number {
  switch (letter) {
    case 0x53:
      out.put(STRING_SET);
      return closed(
        writeRun(bytes, list, out, (member) => copyString(bytes, member, out)),
        out,
      );
    case 0x4e:
      out.put(NUMBER_SET);
      return closed(
        writeRun(bytes, list, out, (member) => writeNumberText(bytes, member, out)),
        out,
      );
    case 0x42:
      out.put(BINARY_SET);
      return closed(
        writeRun(bytes, list, out, (member) => copyBase64(bytes, member, out)),
        out,
      );
    default:
      return REFUSED;
  }
}

function closed(end: number, out: ByteWriter): number {
  if (end !== REFUSED) out.byte(CLOSE_OBJECT);
  return end;
}

/** The members of the list whose bracket is at `at`, and the closing bracket; the opening one is written already. */
function writeRun(bytes: Uint8Array, at: number, out: ByteWriter, write: (member: number) => number): number {
  if (bytes[at] !== OPEN_LIST) return REFUSED;
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === CLOSE_LIST) {
    out.byte(CLOSE_LIST);
    return i + 1;
  }
  for (;;) {
    i = write(i);
    if (i === REFUSED) return REFUSED;
    i = skipSpace(bytes, i);
    const byte = bytes[i];
    if (byte !== CLOSE_LIST && byte !== COMMA) return REFUSED;
    out.byte(byte);
    if (byte === CLOSE_LIST) return i + 1;
    i = skipSpace(bytes, i + 1);
  }
}

function copyString(bytes: Uint8Array, at: number, out: ByteWriter): number {
  const end = stringEnd(bytes, at);
  if (end !== REFUSED) out.copy(bytes, at, end);
  return end;
}

function copyBase64(bytes: Uint8Array, at: number, out: ByteWriter): number {
  const end = stringEnd(bytes, at);
  if (end === REFUSED || !isBase64(asciiText(bytes, at + 1, end - 1))) return REFUSED;
  out.copy(bytes, at, end);
  return end;
}

/** The text of an N as a JSON number, or tagged where no double holds it. */
function writeNumber(bytes: Uint8Array, at: number, out: ByteWriter): number {
  const end = stringEnd(bytes, at);
  if (end === REFUSED) return REFUSED;
  if (isJsonNumber(bytes, at + 1, end - 1)) {
    out.copy(bytes, at + 1, end - 1);
    return end;
  }
  const wire = asciiText(bytes, at + 1, end - 1);
  const value = decodeNumber(wire);
  const text = String(value);
  // Longer only where the wire has an exponent, which DynamoDB's never has: there might not be room for it.
  if (value === undefined || text.length > wire.length) return REFUSED;
  if (value instanceof DecimalNumber) {
    out.put(DECIMAL);
    out.text(text);
    out.byte(QUOTE);
    out.byte(CLOSE_OBJECT);
  } else out.text(text);
  return end;
}

/** The text of a member of an NS: text in JSON too. */
function writeNumberText(bytes: Uint8Array, at: number, out: ByteWriter): number {
  const end = stringEnd(bytes, at);
  if (end === REFUSED || !isJsonNumber(bytes, at + 1, end - 1)) return REFUSED;
  out.copy(bytes, at, end);
  return end;
}

/** True for `-?(0|[1-9]\d*)(\.\d*[1-9])?` of few digits, but for `-0` and tiny fractions: the text that a double prints. */
function isJsonNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const digits = end - first;
  if (digits === 0 || digits > EXACT_DIGITS) return false;
  let point = -1;
  for (let i = first; i < end; i += 1) {
    const byte = bytes[i] as number;
    if (byte === POINT && point === -1) point = i;
    else if (byte < ZERO || byte > NINE) return false;
  }
  const whole = (point === -1 ? end : point) - first;
  if (whole === 0 || (bytes[first] === ZERO && (whole > 1 || (first > start && point === -1)))) return false;
  if (point === -1) return true;
  return point < end - 1 && bytes[end - 1] !== ZERO && !startsWith(bytes, first, TINY);
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
