// One tail at a time for a checkpoint: two would each move the position past what the other has not shown.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { CliError, EXIT } from '../../errors.js';

interface Owner {
  readonly pid: number;
  readonly token: string;
  /** When the process started, as far as the system tells: a number may be used again by another process. */
  readonly startedAt?: string;
}

/** Locks of this very process: its own number in a file is a leftover unless it is here. */
const held = new Set<string>();
/** A process that breaks a stale lock and dies on the way leaves a guard; nobody needs this long. */
const GUARD_LIFE_MS = 10_000;

/** Releases the lock. */
export type Unlock = () => Promise<void>;

/** Takes the lock at `path`. Throws `CliError` `checkpoint.inUse` (exit 3) while a living process has it. */
export async function lockCheckpoint(path: string, name: string): Promise<Unlock> {
  const token = randomUUID();
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const file = await createExclusively(path);
    if (file !== undefined) {
      const startedAt = processStart(process.pid);
      const owner: Owner = { pid: process.pid, token, ...(startedAt === undefined ? {} : { startedAt }) };
      await file.writeFile(JSON.stringify(owner));
      await file.close();
      held.add(token);
      return async () => {
        held.delete(token);
        await rm(path, { force: true });
      };
    }
    const owner = await readOwner(path);
    if (owner !== undefined && isAlive(owner)) {
      throw new CliError(
        'checkpoint.inUse',
        `another tail (process ${owner.pid}) uses the checkpoint ${name}`,
        {
          exitCode: EXIT.precondition,
          hint: `end that tail, or give this one a name of its own: --checkpoint ${name}-2`,
        },
      );
    }
    await breakStaleLock(path);
  }
  throw new CliError('checkpoint.inUse', `the lock of the checkpoint ${name} cannot be taken`, {
    exitCode: EXIT.precondition,
    hint: `remove ${path} if no tail uses it`,
  });
}

async function createExclusively(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** Undefined for a lock that is gone, or that its owner had no time to write. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    // A cast at a parsing boundary: what is not an owner has no living process either.
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner> | null;
    return typeof owner?.pid === 'number' && typeof owner.token === 'string' ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) return held.has(owner.token);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return owner.startedAt === undefined || owner.startedAt === (processStart(owner.pid) ?? owner.startedAt);
}

/** Under a guard, so that nobody removes the lock that another has just taken in place of the stale one. */
async function breakStaleLock(path: string): Promise<void> {
  const guard = `${path}.guard`;
  const file = await createExclusively(guard);
  if (file === undefined) {
    const made = await stat(guard).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > GUARD_LIFE_MS) await rm(guard, { force: true });
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
    return;
  }
  try {
    await file.close();
    const owner = await readOwner(path);
    if (owner === undefined || !isAlive(owner)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Linux only: field 22 of /proc/<pid>/stat, after the command's name, which may hold spaces. */
function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
