// From an event to lines, in the format that was chosen: data to stdout, warnings to stderr.
import type { TailEvent } from '../../stream/events.js';
import { sanitizeJson } from '../sanitize.js';
import type { Terminal } from '../terminal.js';
import { jsonLine } from './json-lines.js';
import { rawLine } from './raw-line.js';
import { renderChange } from './render-change.js';
import { renderBatch, renderGap, renderShard, renderStall, renderSwitch } from './render-notices.js';
import { createRetryDigest } from './retry-digest.js';
import type { Template } from './template.js';
import { type ImagesMode, initialColumns, type TailFormat } from './view.js';

/** One line and the stream that it belongs on. */
export interface TailLine {
  readonly stream: 'out' | 'err';
  readonly text: string;
}

export interface RenderOptions {
  readonly format: TailFormat;
  readonly utc: boolean;
  readonly images?: ImagesMode;
  /** With the format `template`. */
  readonly template?: Template;
  /** Milliseconds since any moment: what tells a storm of retries from one now and then. */
  readonly now?: () => number;
}

/** Makes the renderer of one tail. `start` and `end` have lines only as JSON: people get a ready line and a summary. */
export function createEventRenderer(
  terminal: Terminal,
  options: RenderOptions,
): (event: TailEvent) => TailLine[] {
  const { format, utc, images, template } = options;
  // Programs get what the item holds, to the byte; a terminal gets the same value in characters that it does not obey.
  const toJsonText = terminal.stdout.isTTY === true ? sanitizeJson : (json: string): string => json;
  if (format === 'json') return (event) => [{ stream: 'out', text: toJsonText(jsonLine(event, images)) }];
  const columns = initialColumns();
  const out = { colors: terminal.out };
  const err = { colors: terminal.err };
  const isPretty = format === 'pretty';
  const retries = createRetryDigest(err, options.now ?? Date.now);
  // Those that were there at the start are in the ready line already, hundreds of them perhaps.
  let shardsAtStart = 0;
  const toOut = (text: string): TailLine[] => [{ stream: 'out', text }];
  const toErr = (text: string): TailLine[] => [{ stream: 'err', text }];
  return (event) => {
    switch (event.type) {
      case 'change': {
        if (format === 'raw') return toOut(toJsonText(rawLine(event)));
        if (template !== undefined) return toOut(template(event, { utc }));
        const view = {
          ...out,
          utc,
          columns,
          width: terminal.columns,
          ...(images === undefined ? {} : { images }),
        };
        return renderChange(event, view).flatMap(toOut);
      }
      case 'batch':
        // A filter that lets one change in a thousand pass would drown it in batch lines.
        return isPretty && event.filtered < event.records
          ? toOut(renderBatch(event, { ...out, width: terminal.columns }))
          : [];
      case 'shard':
        if (event.state === 'opened' && shardsAtStart-- > 0) return [];
        return isPretty ? toOut(renderShard(event, out)) : [];
      case 'gap':
        return toErr(renderGap(event, err));
      case 'retry':
        return retries.retry(event).flatMap(toErr);
      case 'recovery':
        return retries.recovery(event).flatMap(toErr);
      case 'switch':
        return toErr(renderSwitch(event, err));
      case 'stall':
        return toErr(renderStall(event, err));
      case 'start':
        shardsAtStart = event.shards;
        return [];
      case 'end':
        return [];
    }
  };
}
