// Which changes are shown: events, keys and Lambda filters. The filter can be changed while the tail runs.
import { CliError, usageError } from '../../errors.js';
import type { Change } from '../../model/index.js';
import type { AttributeValue, EventName, StreamRecord } from '../../model/wire.js';
import { compareDecimals } from '../../stream/filter/decimal.js';
import { compileFilter, type RecordFilter } from '../../stream/filter/index.js';
import { parseKeyFlags } from './key-flags.js';
import { splitPatterns } from './split-patterns.js';

export interface Selection {
  /** True when nothing was chosen: every change is shown. */
  readonly takesAll: boolean;
  /** Given to the reader: false for a change that is counted and not shown. */
  select(change: Change, record: StreamRecord): boolean;
  readonly patterns: readonly string[];
  /** Puts other filter patterns in force: one line, patterns one after the other, empty for none. Throws `filter.*`. */
  replaceFilter(line: string): void;
  /** True, or why the line cannot be a filter. */
  checkFilter(line: string): true | string;
}

export interface SelectionFlags {
  readonly event?: string;
  readonly key?: readonly string[];
  readonly filter?: readonly string[];
}

/** No shell stands between the prompt and the filter: the hint of `--filter`, to quote it, would mislead. */
const PROMPT_HINT = 'write an object such as {"eventName":["INSERT"]}, without quotes around it';

const EVENTS: readonly EventName[] = ['INSERT', 'MODIFY', 'REMOVE'];

/** Throws usage errors (exit 2): `tail.event`, `tail.key`, `filter.*`. */
export function createSelection(flags: SelectionFlags): Selection {
  const events = flags.event === undefined ? undefined : parseEvents(flags.event);
  const matchesKey = compileKeys(flags.key ?? []);
  let patterns = flags.filter ?? [];
  let matchesFilter: RecordFilter = compileFilter(patterns);
  return {
    get takesAll() {
      return events === undefined && flags.key === undefined && patterns.length === 0;
    },
    select: (change, record) =>
      (events === undefined || events.has(change.event)) && matchesKey(record) && matchesFilter(record),
    get patterns() {
      return patterns;
    },
    replaceFilter(line) {
      const next = splitPatterns(line);
      matchesFilter = compileFilter(next);
      patterns = next;
    },
    checkFilter(line) {
      try {
        compileFilter(splitPatterns(line));
        return true;
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        const hint = error.code === 'filter.json' ? PROMPT_HINT : error.hint;
        return hint === undefined ? error.message : `${error.message} (${hint})`;
      }
    },
  };
}

function parseEvents(text: string): ReadonlySet<EventName> {
  const events = new Set<EventName>();
  for (const part of text.split(',')) {
    const event = EVENTS.find((name) => name === part.trim().toUpperCase());
    if (event === undefined) {
      throw usageError(
        'tail.event',
        `unknown event "${part.trim()}" in --event`,
        `the events are ${EVENTS.join(', ')}`,
      );
    }
    events.add(event);
  }
  return events;
}

/** Values of one attribute are alternatives; different attributes must all match. */
function compileKeys(keys: readonly string[]): (record: StreamRecord) => boolean {
  const all = [...parseKeyFlags(keys)];
  return (record) => {
    const keysOfRecord = record.dynamodb?.Keys ?? {};
    return all.every(([name, values]) => {
      const value = Object.hasOwn(keysOfRecord, name) ? keysOfRecord[name] : undefined;
      return value !== undefined && values.some((text) => equalsText(value, text));
    });
  };
}

/** Keys are text, numbers (any way of writing one) or bytes (as base64). */
function equalsText(value: AttributeValue, text: string): boolean {
  if ('S' in value) return value.S === text;
  if ('N' in value) return compareDecimals(value.N, text) === 0;
  if (!('B' in value)) return false;
  return (typeof value.B === 'string' ? value.B : Buffer.from(value.B).toString('base64')) === text;
}
