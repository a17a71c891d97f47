// A function's log as CloudWatch holds it.
import { type FunctionLogOptions, functionLogEvents, type LogEvent } from '../../lambda/logs/index.js';
import { renderRawEvent } from '../../ui/logs/render.js';
import type { CommandContext } from '../context.js';

export interface PrintRawFlags {
  /** Lines: the newest ones, or with `follow` the first ones. */
  readonly limit?: number;
  readonly utc?: boolean;
}

export async function printRawLog(
  source: FunctionLogOptions,
  flags: PrintRawFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { functionName, follow } = source;
  const events: LogEvent[] = [];
  let logGroup = '';
  let printed = 0;
  for await (const page of functionLogEvents(source)) {
    if (page.type === 'start') {
      logGroup = page.logGroup;
      if (!page.exists) terminal.note(`${terminal.err.dim('·')} ${functionName} has not run yet`);
      continue;
    }
    if (!follow) {
      for (const event of page.items) events.push(event);
      continue;
    }
    for (const event of page.items) {
      if (terminal.json) await terminal.printJson({ type: 'event', ...jsonEvent(event) });
      else await terminal.print(renderRawEvent(event.at, event.message, flags.utc === true, terminal));
      printed++;
      if (printed === flags.limit) return;
    }
  }
  if (follow) return;
  events.sort((a, b) => a.at - b.at);
  const shown = flags.limit === undefined ? events : events.slice(-flags.limit);
  if (terminal.json) {
    await terminal.printJson({ function: functionName, logGroup, events: shown.map(jsonEvent) });
    return;
  }
  for (const event of shown) {
    await terminal.print(renderRawEvent(event.at, event.message, flags.utc === true, terminal));
  }
}

function jsonEvent({ id, at, stream, message }: LogEvent): object {
  return { at: new Date(at).toISOString(), stream, id, message: message.trimEnd() };
}
