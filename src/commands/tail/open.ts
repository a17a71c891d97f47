import { createLineEncoder } from '../../ui/tail/encode-lines.js';
import { readerOptions } from './reader-options.js';
import type { TailRun } from './run.js';
import type { OpenTail } from './services.js';

/**
 * Opens the tail that was asked for. JSON Lines of everything, to a file or another program, pass through as bytes; a
 * choice, a checkpoint, a difference and a person at the screen need each change by itself.
 */
export async function openTail(run: TailRun, signal: AbortSignal): Promise<OpenTail> {
  const { services, model, plan } = run;
  const options = await readerOptions(run, signal);
  if (!passesLines(run)) return services.openTail(options);
  return services.openLines(options, createLineEncoder({ model, images: plan.images }));
}

function passesLines({ plan, selection, context }: TailRun): boolean {
  const { format, checkpoint, images } = plan;
  const isPlain = format === 'json' && images !== 'diff' && checkpoint === undefined && selection.takesAll;
  return isPlain && context.terminal.stdout.isTTY !== true;
}
