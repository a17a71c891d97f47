// The engine's log file, bounded. The file is cut in place instead of being renamed, because the process's own stdout
// and stderr are open on it too and must go on in the same file.
import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

export interface EngineLog {
  /** Writes one line with the time. Synchronous, so that the last line before a crash is there. */
  write(line: string): void;
  close(): void;
}

/** Opens a log that keeps at most `maxBytes` in `path` and as much again in `path`.1. */
export function openEngineLog(path: string, now: () => number, maxBytes = 1024 * 1024): EngineLog {
  const file = openSync(path, 'a', 0o600);
  return {
    write(line) {
      try {
        if (fstatSync(file).size > maxBytes) {
          copyFileSync(path, `${path}.1`);
          ftruncateSync(file);
        }
        writeSync(file, `${new Date(now()).toISOString()} ${line}\n`);
      } catch {
        // A full disk must not end the engine because it cannot say so.
      }
    },
    close: () => closeSync(file),
  };
}

/** What was written to a log since it had `from` bytes, at most the last 2 kB of it; empty when there is no log. */
export async function readLogTail(path: string, from: number): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(size < from ? 0 : from, size - 2_000);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
