// Bytes that grow: where lines are written without making strings of them.

/** Literal text as bytes, made once. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

/** Shorter runs than this are copied faster byte by byte than by a call. */
const SHORT_RUN = 96;

export class ByteWriter {
  /** How much is written. Going back to an earlier length takes back what was written since. */
  length = 0;
  private bytes: Buffer;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** What is written so far: a view, which later writing changes. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** What is written so far, as text. */
  toString(): string {
    return this.bytes.toString('utf8', 0, this.length);
  }

  /** Makes room for so many bytes more; `byte`, `put` and `copy` rely on it. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  byte(byte: number): void {
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  /** A literal. */
  put(literal: Uint8Array): void {
    if (literal.length <= SHORT_RUN) this.copy(literal, 0, literal.length);
    else {
      this.bytes.set(literal, this.length);
      this.length += literal.length;
    }
  }

  /** The bytes of `source` from `start` up to `end`. */
  copy(source: Uint8Array, start: number, end: number): void {
    const { bytes } = this;
    let at = this.length;
    if (end - start > SHORT_RUN) {
      bytes.set(source.subarray(start, end), at);
      at += end - start;
    } else {
      // Cast: the run is within the source.
      for (let i = start; i < end; i += 1, at += 1) bytes[at] = source[i] as number;
    }
    this.length = at;
  }

  /** Text of ASCII characters, making room for it. */
  ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    const { bytes, length: at } = this;
    for (let i = 0; i < length; i += 1) bytes[at + i] = text.charCodeAt(i);
    this.length = at + length;
  }

  /** The text as a JSON string, making room for it; false, with nothing written, where it has more than plain ASCII. */
  quotedAscii(text: string): boolean {
    const { length } = text;
    this.reserve(length + 2);
    const { bytes, length: at } = this;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
      bytes[at + 1 + i] = code;
    }
    bytes[at] = 0x22;
    bytes[at + 1 + length] = 0x22;
    this.length = at + length + 2;
    return true;
  }

  /** Any text, in UTF-8, making room for it. */
  text(text: string): void {
    this.reserve(text.length * 3);
    this.length += this.bytes.write(text, this.length);
  }
}
