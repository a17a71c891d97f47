// Reads stored log lines in chunks of bounded size. A torn or foreign line is skipped, never an error: the process
// may have been killed in the middle of a write.
import { open } from 'node:fs/promises';
import { isMissing } from '../functions/atomic-file.js';
import type { StoredLine } from './segment-index.js';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

export interface LineAt {
  readonly offset: number;
  /** Offset of the next line. */
  readonly end: number;
  /** Undefined when the line cannot be read. */
  readonly line: StoredLine | undefined;
}

/** Whole lines of the file from a byte offset to `limit`. An unfinished last line is left out; a missing file is empty. */
export async function* readLines(path: string, from: number, limit = Infinity): AsyncGenerator<LineAt[]> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
    let position = from;
    while (position < limit) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, limit - position));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) return;
      const start = position - rest.length;
      position += bytesRead;
      const data =
        rest.length === 0
          ? chunk.subarray(0, bytesRead)
          : Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const lines: LineAt[] = [];
      let lineStart = 0;
      for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, lineStart)) {
        const line = parseLine(data.toString('utf8', lineStart, end));
        lines.push({ offset: start + lineStart, end: start + end + 1, line });
        lineStart = end + 1;
      }
      rest = data.subarray(lineStart);
      if (lines.length > 0) yield lines;
    }
  } finally {
    await file.close();
  }
}

function parseLine(text: string): StoredLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const [timestamp, stream, message] = value as unknown[];
    if (typeof timestamp !== 'number' || typeof stream !== 'string' || typeof message !== 'string')
      return undefined;
    return [timestamp, stream, message];
  } catch {
    return undefined;
  }
}
