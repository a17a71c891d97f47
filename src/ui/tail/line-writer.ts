// Lines to stdout in as few writes as possible without delaying one: what comes in one turn of the event loop goes out
// together.
import type { Terminal } from '../terminal.js';

export interface LineWriter {
  /**
   * Takes a line. A promise means: wait for it before the next, the reader of stdout is behind. It rejects, as all here
   * do, when stdout does not take what was written.
   */
  write(line: string): Promise<void> | undefined;
  /** Writes whole lines, with their line ends, behind what was taken; resolves when the operating system has them. */
  pass(lines: Uint8Array): Promise<void>;
  /** Writes what is left; resolves when stdout can take more. */
  flush(): Promise<void>;
}

const CHUNK_CHARACTERS = 64 * 1024;

/** With `isCommitted` a write is done only when the operating system has the text. */
export function createLineWriter(terminal: Terminal, isCommitted = false): LineWriter {
  let lines: string[] = [];
  let characters = 0;
  let scheduled: NodeJS.Immediate | undefined;
  let writing: Promise<void> | undefined;

  function flush(): Promise<void> {
    if (scheduled !== undefined) clearImmediate(scheduled);
    scheduled = undefined;
    if (lines.length === 0) return writing ?? Promise.resolve();
    const text = lines.join('\n');
    lines = [];
    characters = 0;
    const written = (isCommitted ? terminal.commit(text) : terminal.print(text)).finally(() => {
      if (writing === written) writing = undefined;
    });
    writing = written;
    // Not everyone waits for it; who does is told of what stdout did not take.
    written.catch(() => {});
    return written;
  }

  return {
    write(line) {
      lines.push(line);
      characters += line.length;
      if (characters >= CHUNK_CHARACTERS) return flush();
      scheduled ??= setImmediate(() => void flush());
      // A write under way that stdout has not taken yet is where a slow reader holds the tail back.
      return writing;
    },
    pass(lines) {
      void flush();
      return terminal.pass(lines);
    },
    flush,
  };
}
