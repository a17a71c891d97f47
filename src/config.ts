// `ddbcdc.json`: what `init` remembers for the next command in this folder. Flags and environment win over it.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { CliError, EXIT, usageError } from './errors.js';

export const CONFIG_FILE = 'ddbcdc.json';

/** The reference's table. */
export const DEFAULT_TABLE = 'SampleStreamTable';
/** The reference's function. */
export const DEFAULT_FUNCTION = 'sample-ddb-stream-handler';

const TEXT_FIELDS = [
  'target',
  'endpointUrl',
  'region',
  'profile',
  'table',
  // The table that init was told to use as it is. A name, as it may be of a table that was there before this one.
  'adopted',
  'partitionKey',
  'sortKey',
  'viewType',
  'function',
  'model',
  'handler',
] as const;

/** Every field is optional; unknown fields are kept when the file is rewritten. */
export type Config = { readonly [K in (typeof TEXT_FIELDS)[number]]?: string };

export interface LoadedConfig {
  /** The folder of the file, or the folder it would be made in. `.ddbcdc/` stands beside it. */
  readonly projectDir: string;
  /** Absent when there is no file. */
  readonly path?: string;
  readonly config: Config;
}

/** Reads the nearest `ddbcdc.json` from `cwd` upwards. Throws `config.invalid` (exit 3) with what is wrong in it. */
export async function loadConfig(cwd: string): Promise<LoadedConfig> {
  for (let dir = cwd; ; dir = dirname(dir)) {
    const path = join(dir, CONFIG_FILE);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new CliError('config.unreadable', `${path} cannot be read: ${error.message}`, { cause: error });
    });
    if (text !== undefined) return { projectDir: dir, path, config: parseConfig(text, path) };
    if (dir === parse(dir).root) return { projectDir: cwd, config: {} };
  }
}

/** Writes the given fields over those in the file, atomically. An undefined field is removed. */
export async function saveConfig(
  loaded: LoadedConfig,
  fields: { readonly [K in keyof Config]?: string | undefined },
): Promise<string> {
  const path = loaded.path ?? join(loaded.projectDir, CONFIG_FILE);
  const text = `${JSON.stringify({ ...loaded.config, ...fields }, null, 2)}\n`;
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
  return path;
}

function parseConfig(text: string, path: string): Config {
  const invalid = (reason: string, cause?: unknown): CliError =>
    new CliError('config.invalid', `${path} is not valid: ${reason}`, {
      exitCode: EXIT.precondition,
      hint: 'mend the file, or delete it and run ddbcdc init',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('it must hold an object');
  for (const [name, field] of Object.entries(value)) {
    if ((TEXT_FIELDS as readonly string[]).includes(name) && typeof field !== 'string') {
      throw invalid(`"${name}" must be text`);
    }
  }
  // Checked above: every known field is text.
  return value as Config;
}

/** The table of a command: the flag, DDBCDC_TABLE, ddbcdc.json, then the reference's. Throws `table.badName` (exit 2). */
export function chooseTable(...sources: Parameters<typeof namedTable>): string {
  return namedTable(...sources) ?? DEFAULT_TABLE;
}

/** As {@link chooseTable}, but undefined where nobody named a table: what cannot be undone takes no default. */
export function namedTable(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  config: Config,
): string | undefined {
  if (flag !== undefined) return checkTableName(flag, '--table');
  if (env.DDBCDC_TABLE) return checkTableName(env.DDBCDC_TABLE, 'DDBCDC_TABLE');
  return config.table === undefined ? undefined : checkTableName(config.table, `"table" in ${CONFIG_FILE}`);
}

export const TABLE_NAME_RULE = 'a table name has 3 to 255 of a-z, A-Z, 0-9, _, . and -';

/** True for what DynamoDB lets a table be called. */
export function isTableName(text: string): boolean {
  return /^[a-zA-Z0-9_.-]{3,255}$/.test(text);
}

/** What DynamoDB takes in a name's place is the ARN of a table, of any account: this, and its name. */
const TABLE_ARN_HEAD = /^arn:[^:/]+:dynamodb:[^:/]+:\d+:table\//;

function checkTableName(name: string, source: string): string {
  if (isTableName(name.replace(TABLE_ARN_HEAD, ''))) return name;
  throw usageError('table.badName', `${source} is "${name}"; ${TABLE_NAME_RULE}`);
}
