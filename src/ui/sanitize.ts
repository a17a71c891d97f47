// Text from items, logs and servers is untrusted: it must never move the cursor or change the terminal.

// C0 and C1 controls, DEL, line separators, and the bidirectional marks that can make a line read as another.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** What a quoted text cannot hold as it is, or its end could not be told. */
const UNQUOTABLE = /["\\]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every control character written as a visible escape such as `\n` or `\u001b`. */
export function sanitize(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT[character] ?? jsonEscape(character));
}

/**
 * The inside of a quoted text: `"` and `\` escaped as JSON does, so that no text can look like the end of its quotes and
 * the field after it, and backslash-n is not a line end.
 */
export function sanitizeQuoted(text: string): string {
  return sanitize(text.replace(UNQUOTABLE, '\\$&'));
}

/**
 * JSON text, on one line, that a terminal can be given: what would move its cursor or turn the reading direction becomes
 * `\uXXXX`. It stays the JSON of the same value, because such characters stand in its strings only.
 */
export function sanitizeJson(json: string): string {
  return json.replace(UNSAFE, jsonEscape);
}

function jsonEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
