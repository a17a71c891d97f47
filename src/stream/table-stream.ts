// Which stream a table has: at the start, where not having one is an error, and when the stream in use has ended.
import { CliError, EXIT } from '../errors.js';
import { translateAwsError } from '../target/translate-error.js';
import type { Clock } from './clock.js';
import type { StreamApi } from './stream-api.js';
import type { TailOptions } from './tail-options.js';

/** The ARN to begin with. Throws `CliError` (exit 3) when there is no table, no stream, or no access. */
export async function findTableStream(
  api: StreamApi,
  options: Pick<TailOptions<never>, 'table' | 'position' | 'checkpoint' | 'range'>,
  signal: AbortSignal,
): Promise<string> {
  const { table, position, checkpoint, range } = options;
  const found = await api.table(signal).catch((error: unknown) => {
    throw signal.aborted ? error : translateAwsError(error, `table ${table}`);
  });
  if (found === undefined) {
    throw new CliError('table.notFound', `There is no table ${table}`, {
      exitCode: EXIT.precondition,
      hint: `make it with its stream: ddbcdc init --table ${table}`,
    });
  }
  const { streamArn, enabled } = found;
  // A disabled stream takes no writes, but stays readable for a day.
  const wantsPast = position.type !== 'latest' || checkpoint !== undefined || range !== undefined;
  if (streamArn === undefined || (!enabled && !wantsPast)) {
    const state = streamArn === undefined ? 'has no stream' : 'has its stream disabled';
    throw new CliError('table.noStream', `Table ${table} ${state}`, {
      exitCode: EXIT.precondition,
      hint: `enable it: ddbcdc init --table ${table} --adopt`,
    });
  }
  return streamArn;
}

export interface SuccessorOptions {
  readonly api: StreamApi;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown, attempt: number, delayMs: number) => void;
}

/** A table that is made again, or a stream that is toggled, takes this long at most before the tail gives up. */
const SUCCESSOR_WAIT_MS = 10_000;
const SUCCESSOR_LOOK_MS = 500;

/** The ARN of the stream that took `ended`'s place; undefined when none did within ten seconds. */
export async function findSuccessor(ended: string, options: SuccessorOptions): Promise<string | undefined> {
  const { api, clock, signal, onError } = options;
  let until = clock.now() + SUCCESSOR_WAIT_MS;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const found = await api.table(signal);
      if (found?.enabled === true && found.streamArn !== undefined && found.streamArn !== ended) {
        return found.streamArn;
      }
      // A table on its way somewhere may yet get its stream.
      const isSettled = found === undefined || found.status === 'ACTIVE';
      if (!isSettled) until = clock.now() + SUCCESSOR_WAIT_MS;
    } catch (error) {
      if (signal.aborted) return undefined;
      until = clock.now() + SUCCESSOR_WAIT_MS;
      onError(error, attempt, SUCCESSOR_LOOK_MS);
    }
    if (clock.now() >= until) return undefined;
    await clock.sleep(SUCCESSOR_LOOK_MS, signal);
  }
  return undefined;
}
