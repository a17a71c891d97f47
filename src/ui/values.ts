// A decoded value in one readable line. Everything that comes from data is sanitised here, and a 400 kB item costs no
// more than the columns that it is shown in.
import { DecimalNumber, Malformed } from '../model/index.js';
import { sanitize, sanitizeQuoted } from './sanitize.js';
import { beginning, commonWidth, displayWidth, shorten } from './width.js';

/** Most columns of text made of one value before it is shortened to its place on the line. */
const MAX_VALUE_WIDTH = 2000;
/** A value is never shortened below this many columns; rather, fewer fields are shown. */
const MIN_VALUE_WIDTH = 14;
/** Bytes of a binary value that are shown, of more only their number. */
export const SHOWN_BYTES = 8;
/** Where the first field would have fewer columns, the number of the others gives way to it. */
const MIN_FIRST_WIDTH = 8;
const SEPARATOR = ', ';
const PLAIN_NAME = /^[\p{L}_$][\p{L}\p{N}_$.-]*$/u;

/**
 * A decoded value or a model's value: `"text"`, `42`, `[1, 2]`, `{city "Paris"}`, `set("a", "b")`, `<3 B 010203>`,
 * `null`. At most `limit` columns, ending in `…` when something was left out. Of binary
 * values the first `shownBytes` are shown.
 */
export function formatValue(
  value: unknown,
  limit: number = MAX_VALUE_WIDTH,
  shownBytes: number = SHOWN_BYTES,
): string {
  const writer = new ValueWriter(limit, shownBytes);
  writer.value(value);
  return writer.text();
}

/** An attribute or field name, quoted when it could be read as something else. */
export function formatName(name: string): string {
  return PLAIN_NAME.test(name) ? name : `"${sanitizeQuoted(name)}"`;
}

/** One named thing on a line. `text` has no colours; it is what is shortened. */
export interface Field {
  readonly name: string;
  readonly text: string;
  /** Shortens the text where cutting its end would lose the point of it. */
  readonly shortenTo?: (width: number) => string;
  /** It says what the line says already: the first to go where not all fit. */
  readonly isRepeat?: boolean;
}

/**
 * `name text, name text` in at most `width` columns: long values give way first, all to the same length, then fields at
 * the end become `+3 more`, repeats before all others. `paint` colours one field after it was fitted.
 */
export function formatFields(
  fields: readonly Field[],
  width: number,
  paint: (field: Field) => string = (field) => `${field.name} ${field.text}`,
): string {
  const whole = fitFields(fields, 0, width);
  if (whole !== undefined) return whole.map(paint).join(SEPARATOR);
  const ordered = fields.some(({ isRepeat }) => isRepeat)
    ? [...fields.filter(({ isRepeat }) => !isRepeat), ...fields.filter(({ isRepeat }) => isRepeat)]
    : fields;
  for (let shown = ordered.length - 1; shown > 0; shown--) {
    const more = `${SEPARATOR}+${ordered.length - shown} more`;
    const fitted = fitFields(ordered.slice(0, shown), more.length, width);
    if (fitted !== undefined) return fitted.map(paint).join(SEPARATOR) + more;
  }
  const [first] = ordered;
  if (first === undefined) return '';
  const more = ordered.length === 1 ? '' : `${SEPARATOR}+${ordered.length - 1} more`;
  const text = `${first.name} ${first.text}`;
  const room = width - more.length;
  return room < MIN_FIRST_WIDTH ? shorten(text, width) : shorten(text, room) + more;
}

/** The fields with their texts shortened to `width` less what is `taken`; undefined when not even short ones fit. */
function fitFields(fields: readonly Field[], taken: number, width: number): Field[] | undefined {
  const fixed = fields.reduce((sum, { name }) => sum + displayWidth(name) + 1, 0);
  const textWidths = fields.map(({ text }) => displayWidth(text));
  const room = width - taken - fixed - SEPARATOR.length * (fields.length - 1);
  const cap = commonWidth(textWidths, room, MIN_VALUE_WIDTH);
  if (cap === undefined) return undefined;
  return fields.map((field, index) => shortenField(field, textWidths[index] ?? 0, cap));
}

function shortenField(field: Field, width: number, cap: number): Field {
  if (width <= cap) return field;
  return { ...field, text: field.shortenTo?.(cap) ?? shorten(field.text, cap) };
}

/** Writes until its limit, in columns, then stops looking at the value. */
class ValueWriter {
  readonly #limit: number;
  readonly #shownBytes: number;
  #text = '';
  #columns = 0;

  constructor(limit: number, shownBytes: number) {
    this.#limit = limit;
    this.#shownBytes = shownBytes;
  }

  text(): string {
    return this.#isFull() ? shorten(this.#text, this.#limit) : this.#text;
  }

  value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        // Cut before it is escaped: the rest of a long text is never looked at.
        this.#add(`"${sanitizeQuoted(beginning(value, this.#limit + 1))}"`);
        return;
      case 'object':
        if (value === null) this.#add('null');
        else this.#object(value);
        return;
      case 'undefined':
        this.#add('absent');
        return;
      default:
        this.#add(sanitize(String(value)));
    }
  }

  #add(text: string): void {
    this.#text += text;
    this.#columns += displayWidth(text);
  }

  #object(value: object): void {
    if (value instanceof DecimalNumber) this.#add(value.text);
    else if (value instanceof Date) this.#add(Number.isNaN(value.getTime()) ? '-' : value.toISOString());
    else if (value instanceof Uint8Array) this.#bytes(value);
    else if (value instanceof Malformed) this.#add(sanitize(`malformed ${safeJson(value.wire)}`));
    else if (Array.isArray(value)) this.#list('[', value, ']');
    else if (value instanceof Set) this.#list('set(', value, ')');
    else if (value instanceof Map) this.#members(value);
    else this.#members(Object.entries(value));
  }

  #bytes(bytes: Uint8Array): void {
    const shown = [...bytes.subarray(0, this.#shownBytes)].map((byte) => byte.toString(16).padStart(2, '0'));
    const more = bytes.length > this.#shownBytes ? '…' : '';
    this.#add(`<${bytes.length} B${shown.length === 0 ? '' : ` ${shown.join('')}${more}`}>`);
  }

  #list(open: string, members: Iterable<unknown>, close: string): void {
    this.#add(open);
    let first = true;
    for (const member of members) {
      if (this.#isFull()) return;
      if (!first) this.#add(', ');
      first = false;
      this.value(member);
    }
    this.#add(close);
  }

  #members(entries: Iterable<readonly [unknown, unknown]>): void {
    this.#add('{');
    let first = true;
    for (const [name, member] of entries) {
      if (this.#isFull()) return;
      if (!first) this.#add(', ');
      first = false;
      this.#add(`${formatName(String(name))} `);
      this.value(member);
    }
    this.#add('}');
  }

  #isFull(): boolean {
    return this.#columns > this.#limit;
  }
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'something that has no JSON';
  }
}
