// JSON text as bytes, walked without being parsed. Strict: what is accepted here, `JSON.parse` accepts, so that whatever
// was walked can be parsed or copied later without a check.

/** Not JSON, or not JSON of the form that is asked for. */
export const REFUSED = -1;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const BACKSLASH = 0x5c;
const SPACE = 0x20;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
const LETTER_U = 0x75;
/** 1 for the bytes at which a string is not simply going on: its end, an escape, what may not be in it. */
const STOPS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
);
/** The letters behind a backslash that stand alone: `"` `\` `/` `b` `f` `n` `r` `t`. */
const ESCAPES: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));
const WORDS = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word));
/** An item nests 32 levels, and each costs two here. */
const MAX_DEPTH = 100;

/** The index of the next token at or behind `at`. AWS writes none, others a space behind each comma and colon. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  return byte === undefined || byte > SPACE ? at : spaceEnd(bytes, at);
}

function spaceEnd(bytes: Uint8Array, at: number): number {
  for (let i = at; ; i += 1) {
    const byte = bytes[i];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return i;
  }
}

/** The index behind the string whose opening quote is at `at`. */
export function stringEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return REFUSED;
  let i = at + 1;
  for (;;) {
    while (STOPS[bytes[i] ?? 0] === 0) i += 1;
    if (bytes[i] === QUOTE) return i + 1;
    if (bytes[i] !== BACKSLASH) return REFUSED;
    i = escapeEnd(bytes, i + 1);
    if (i === REFUSED) return REFUSED;
  }
}

/** As `stringEnd`, for a text that is to be read as it stands: one with an escape, which may spell anything, is refused. */
export function plainStringEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return REFUSED;
  let i = at + 1;
  while (STOPS[bytes[i] ?? 0] === 0) i += 1;
  return bytes[i] === QUOTE ? i + 1 : REFUSED;
}

/** The index behind the escape whose letter is at `at`. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  const letter = bytes[at];
  if (letter === undefined) return REFUSED;
  if (ESCAPES.has(letter)) return at + 1;
  if (letter !== LETTER_U) return REFUSED;
  for (let i = at + 1; i <= at + 4; i += 1) if (!isHexDigit(bytes[i])) return REFUSED;
  return at + 5;
}

/** The index behind the value that begins at `at`, of whatever type. */
export function valueEnd(bytes: Uint8Array, at: number, depth = 0): number {
  switch (bytes[at]) {
    case QUOTE:
      return stringEnd(bytes, at);
    case OPEN_OBJECT:
      return objectEnd(bytes, at, depth);
    case OPEN_LIST:
      return listEnd(bytes, at, depth);
    default:
      return scalarEnd(bytes, at);
  }
}

function objectEnd(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > MAX_DEPTH) return REFUSED;
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === CLOSE_OBJECT) return i + 1;
  for (;;) {
    const name = stringEnd(bytes, i);
    if (name === REFUSED) return REFUSED;
    const colon = skipSpace(bytes, name);
    if (bytes[colon] !== COLON) return REFUSED;
    i = valueEnd(bytes, skipSpace(bytes, colon + 1), depth + 1);
    if (i === REFUSED) return REFUSED;
    i = skipSpace(bytes, i);
    if (bytes[i] === CLOSE_OBJECT) return i + 1;
    if (bytes[i] !== COMMA) return REFUSED;
    i = skipSpace(bytes, i + 1);
  }
}

function listEnd(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > MAX_DEPTH) return REFUSED;
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === CLOSE_LIST) return i + 1;
  for (;;) {
    i = valueEnd(bytes, i, depth + 1);
    if (i === REFUSED) return REFUSED;
    i = skipSpace(bytes, i);
    if (bytes[i] === CLOSE_LIST) return i + 1;
    if (bytes[i] !== COMMA) return REFUSED;
    i = skipSpace(bytes, i + 1);
  }
}

function scalarEnd(bytes: Uint8Array, at: number): number {
  for (const word of WORDS) if (startsWith(bytes, at, word)) return at + word.length;
  return numberEnd(bytes, at);
}

/** The index behind the number at `at`: a sign, an integer without leading zeros, a fraction, an exponent. */
export function numberEnd(bytes: Uint8Array, at: number): number {
  let i = bytes[at] === MINUS ? at + 1 : at;
  const whole = digitsEnd(bytes, i);
  if (whole === i || (bytes[i] === ZERO && whole > i + 1)) return REFUSED;
  i = whole;
  if (bytes[i] === POINT) {
    const fraction = digitsEnd(bytes, i + 1);
    if (fraction === i + 1) return REFUSED;
    i = fraction;
  }
  if (bytes[i] !== 0x65 && bytes[i] !== 0x45) return i;
  const sign = bytes[i + 1] === MINUS || bytes[i + 1] === 0x2b ? 2 : 1;
  const exponent = digitsEnd(bytes, i + sign);
  return exponent === i + sign ? REFUSED : exponent;
}

function digitsEnd(bytes: Uint8Array, at: number): number {
  let i = at;
  for (;;) {
    const byte = bytes[i];
    if (byte === undefined || byte < ZERO || byte > NINE) return i;
    i += 1;
  }
}

/** True for one digit or more from `start` up to `end`, and nothing else. */
export function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  return end > start && digitsEnd(bytes, start) >= end;
}

/** True where the bytes of `word` stand at `at`. */
export function startsWith(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i += 1) if (bytes[at + i] !== word[i]) return false;
  return true;
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= ZERO && byte <= NINE) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
