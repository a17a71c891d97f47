const TAIL_BYTES = 4096;

/** The last 4 kB of an invocation's log, for `LogType: Tail`. */
export class LogTail {
  #lines: string[] = [];
  #length = 0;

  add(lines: readonly string[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#length += line.length;
    }
    while (this.#length > TAIL_BYTES && this.#lines.length > 1)
      this.#length -= this.#lines.shift()?.length ?? 0;
  }

  toBase64(): string {
    const bytes = Buffer.from(this.#lines.join(''));
    return bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString('base64');
  }
}
