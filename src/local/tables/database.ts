// The engine's one LevelDB database: opening it, its key layout, range reads.
// Every range is a prefix that ends in `!`, so listing or deleting one table touches that table's keys only.
import { mkdir } from 'node:fs/promises';
import { CliError } from '../../errors.js';
import { Level, type LevelDatabase, type RangeOptions } from './dynalite.js';

/**
 * The keys of the database. `generation` numbers a table's life: a table that is created again under the same name
 * has another one, so nothing of the old table can show through. `shard` is the shard's number within the engine.
 */
export const keys = {
  format: 'm!format',
  counters: (generation: number) => `c!${pad(generation)}`,
  expiries: (generation: number) => `e!${pad(generation)}!`,
  items: (generation: number) => `i!${pad(generation)}!`,
  index: (generation: number, type: string, name: string) =>
    `x!${pad(generation)}!${type.toLowerCase()}~${name}!`,
  indexes: (generation: number) => `x!${pad(generation)}!`,
  records: (shard: number) => `r!${pad(shard)}!`,
  sequence: 'm!sequence',
  numbers: 'm!numbers',
  shard: (shard: number) => `h!${pad(shard)}`,
  stream: (stream: number) => `s!${pad(stream)}`,
  table: (generation: number) => `t!${pad(generation)}`,
  token: (token: string) => `k!${token}`,
} as const;

function pad(number: number): string {
  return number.toString(36).padStart(8, '0');
}

/** The layout of the keys and values. Data of another format is refused, not misread. */
const FORMAT = '1';

/** The range of all keys that start with `prefix`, which ends in `!`. */
export function rangeOf(prefix: string): { readonly gte: string; readonly lt: string } {
  return { gte: prefix, lt: `${prefix.slice(0, -1)}"` };
}

/**
 * Opens the database in `directory`, made if absent.
 * Throws `engine.dataLocked` when another process has it open, `engine.dataUnreadable` when LevelDB refuses it and
 * `engine.dataFormat` when another version of ddbcdc wrote it.
 */
export async function openDatabase(directory: string): Promise<LevelDatabase> {
  await mkdir(directory, { recursive: true });
  const database = new Level(directory, { keyEncoding: 'utf8', valueEncoding: 'utf8' });
  try {
    await database.open();
  } catch (error) {
    throw openError(directory, error);
  }
  await checkFormat(database, directory);
  return database;
}

async function checkFormat(database: LevelDatabase, directory: string): Promise<void> {
  const format = database.getSync(keys.format);
  if (format === FORMAT) return;
  if (format === undefined) {
    await database.batch([{ type: 'put', key: keys.format, value: FORMAT }]);
    return;
  }
  await database.close();
  throw new CliError(
    'engine.dataFormat',
    `The data in ${directory} has format ${format}, this version of ddbcdc reads format ${FORMAT}`,
    { hint: 'Use the version that wrote it, or run `ddbcdc local reset` to start with an empty engine.' },
  );
}

function openError(directory: string, error: unknown): CliError {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (reason instanceof Error && 'code' in reason && reason.code === 'LEVEL_LOCKED') {
    return new CliError('engine.dataLocked', `The data in ${directory} is open in another process`, {
      hint: 'Run `ddbcdc local status` to see the engine that uses it, or give another --data-dir.',
      cause: error,
    });
  }
  const detail = reason instanceof Error ? reason.message : String(reason);
  return new CliError('engine.dataUnreadable', `The data in ${directory} could not be opened: ${detail}`, {
    hint: 'Run `ddbcdc local reset` to start with an empty engine.',
    cause: error,
  });
}

/** Reads all entries of a range into memory: for ranges known to be small. */
export async function readEntries(
  database: LevelDatabase,
  range: RangeOptions,
): Promise<readonly (readonly [string, string])[]> {
  const iterator = database.iterator(range);
  const entries: [string, string][] = [];
  try {
    for (;;) {
      const chunk = await iterator.nextv(1000);
      if (chunk.length === 0) return entries;
      entries.push(...chunk);
    }
  } finally {
    await iterator.close();
  }
}
