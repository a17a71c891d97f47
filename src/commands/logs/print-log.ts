// A function's log, parsed: printed as it comes with --follow, at once and in order of time without.

import { type FunctionLogOptions, functionLogEntries } from '../../lambda/logs/index.js';
import type { BatchEntry, ErrorEntry, LogEntry } from '../../lambda/logs/join.js';
import { createLogAccount } from '../../lambda/logs/totals.js';
import { renderLogEntry, renderLogHeading, renderLogTotals } from '../../ui/logs/render.js';
import type { CommandContext } from '../context.js';

export interface PrintLogFlags {
  readonly limit?: number;
  readonly errors?: boolean;
  readonly utc?: boolean;
}

export async function printLog(
  source: FunctionLogOptions,
  place: string,
  flags: PrintLogFlags,
  context: CommandContext,
): Promise<void> {
  if (source.follow) await followLog(source, place, flags, context);
  else await listLog(source, place, flags, context);
}

async function listLog(
  source: FunctionLogOptions,
  place: string,
  flags: PrintLogFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { functionName } = source;
  let logGroup = '';
  let exists = true;
  const entries: LogEntry[] = [];
  for await (const page of functionLogEntries(source)) {
    if (page.type === 'start') ({ logGroup, exists } = page);
    // JSON has no place for the function's own lines: see --raw.
    else for (const entry of page.items) if (!terminal.json || entry.type !== 'log') entries.push(entry);
  }
  entries.sort((a, b) => a.at - b.at);
  const account = createLogAccount();
  for (const entry of entries) account.add(entry);
  const { totals } = account;
  const shown = newest(entries, flags).filter((entry) => wanted(entry, flags));
  const batches = shown.filter((entry) => entry.type === 'batch');

  if (terminal.json) {
    await terminal.printJson({
      function: functionName,
      logGroup,
      ...totals,
      batches: batches.map(jsonBatch),
      errors: shown.filter((entry) => entry.type === 'error').map(jsonError),
      ...(source.changes ? { changes: shown.filter((entry) => entry.type === 'change').map(jsonLine) } : {}),
    });
    return;
  }
  if (!exists) {
    terminal.note(`${terminal.err.dim('·')} ${functionName} has not run yet: nothing is in its log`);
    return;
  }
  for (const line of renderLogHeading({ functionName, logGroup, place }, terminal))
    await terminal.print(line);
  for (const entry of shown) {
    for (const line of renderLogEntry(entry, flags.utc === true, terminal)) await terminal.print(line);
  }
  await terminal.print(renderLogTotals(totals, batches.length, terminal));
}

async function followLog(
  source: FunctionLogOptions,
  place: string,
  flags: PrintLogFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { functionName } = source;
  const account = createLogAccount();
  try {
    for await (const page of functionLogEntries(source)) {
      if (page.type === 'start') {
        const { logGroup, exists } = page;
        if (terminal.json) await terminal.printJson({ type: 'start', function: functionName, logGroup });
        else
          for (const line of renderLogHeading({ functionName, logGroup, place }, terminal))
            await terminal.print(line);
        if (!exists) terminal.note(`${terminal.err.dim('·')} ${functionName} has not run yet: waiting`);
        continue;
      }
      for (const entry of page.items) {
        account.add(entry);
        if (wanted(entry, flags)) {
          if (terminal.json) await terminal.printJson(jsonLine(entry));
          else
            for (const line of renderLogEntry(entry, flags.utc === true, terminal))
              await terminal.print(line);
        }
        if (account.totals.batches === flags.limit) return;
      }
    }
  } finally {
    const { totals } = account;
    if (terminal.json) await terminal.printJson({ type: 'end', ...totals });
    else terminal.note(renderLogTotals(totals, totals.batches, terminal));
  }
}

function wanted(entry: LogEntry, { errors }: PrintLogFlags): boolean {
  if (errors !== true || entry.type === 'error') return true;
  return (
    entry.type === 'batch' && (entry.failures > 0 || entry.undecodable > 0 || entry.status !== undefined)
  );
}

/** The entries from the first of the newest `limit` batches on. */
function newest(entries: readonly LogEntry[], { limit }: PrintLogFlags): readonly LogEntry[] {
  if (limit === undefined) return entries;
  let left = limit;
  for (let index = entries.length - 1; index >= 0; index--) {
    if (entries[index]?.type !== 'batch') continue;
    left--;
    if (left === 0) return entries.slice(index);
  }
  return entries;
}

function jsonLine(entry: LogEntry): object {
  return { ...entry, at: new Date(entry.at).toISOString() };
}

function jsonBatch({ type: _type, ...batch }: BatchEntry): object {
  return { ...batch, at: new Date(batch.at).toISOString() };
}

function jsonError({ type: _type, ...error }: ErrorEntry): object {
  return { ...error, at: new Date(error.at).toISOString() };
}
