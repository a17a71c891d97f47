// Rules as people write them: `operation:kind=value`, such as `GetRecords:throttle=20%` or `*:delay=50ms..200ms,count=3`.
// Read by the command line, for its errors, and by the engine, which takes the same text on the wire.
import { type CliError, usageError } from '../../errors.js';
import { FAULT_KINDS, type FaultKind, type FaultKindName, faultKind } from './fault-kinds.js';
import { FAULTY_OPERATIONS } from './operations.js';

export interface FaultRule {
  /** As it was written. */
  readonly text: string;
  /** `*` for every operation that the kind can happen to. */
  readonly operation: string;
  readonly kind: FaultKindName;
  /** Of the calls, above 0 and up to 1. */
  readonly share: number;
  /** At most so many times. */
  readonly count?: number;
  /** Milliseconds, for kinds that take a duration: from, to (the same for a fixed one). */
  readonly ms?: readonly [from: number, to: number];
  /** For kinds that take a size. */
  readonly size?: number;
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;
/** Longer waits end no differently: every client has given up by then. */
const LONGEST_MS = 15 * 60_000;

/** Throws CliError `faults.badRule` (exit 2), which names the rule, what is wrong with it and what is known. */
export function parseFaultRule(text: string): FaultRule {
  const match = /^\s*([\w*]+):([\w-]+)(?:[=:,](.*?))?\s*$/s.exec(text);
  if (match === null) throw badRule(text, 'it is not of the form operation:kind=value', FORM);
  const [, operation = '', name = '', rest = ''] = match;
  const kind = faultKind(name);
  if (kind === undefined) throw badRule(text, `there is no fault "${name}"`, `the faults are ${KINDS}`);
  checkOperation(text, operation, name, kind);
  const parts = rest === '' ? [] : rest.split(',').map((part) => part.trim());
  const settings = readSettings(text, kind, parts);
  // `faultKind` has found it among the keys.
  return { text: text.trim(), operation, kind: name as FaultKindName, ...settings };
}

const KINDS = Object.keys(FAULT_KINDS).join(', ');
const FORM = `examples: 'GetRecords:throttle=20%', 'BatchWriteItem:cut=count=2', '*:delay=50ms..200ms'; the faults are ${KINDS}`;

function checkOperation(text: string, operation: string, name: string, kind: FaultKind): void {
  if (operation === '*') return;
  if (!FAULTY_OPERATIONS.includes(operation)) {
    const wanted = operation.toLowerCase();
    const near = FAULTY_OPERATIONS.find((known) => known.toLowerCase() === wanted);
    throw badRule(
      text,
      `there is no operation "${operation}"`,
      near === undefined
        ? `the operations are * and ${FAULTY_OPERATIONS.join(', ')}`
        : `operations are written as AWS does: ${near}`,
    );
  }
  if (kind.operations !== undefined && !kind.operations.includes(operation)) {
    throw badRule(
      text,
      `${name} cannot happen to ${operation}`,
      `${name} is for ${kind.operations.join(', ')}`,
    );
  }
}

type Settings = Pick<FaultRule, 'share' | 'count' | 'ms' | 'size'>;

function readSettings(text: string, kind: FaultKind, parts: readonly string[]): Settings {
  const found: { share?: number; count?: number; ms?: readonly [number, number]; size?: number } = {};
  for (const part of parts) {
    const [, label, value = ''] = /^(?:(count|share)=)?(.*)$/.exec(part) ?? [];
    if (label === 'count') found.count = readCount(text, value);
    else if (value.endsWith('%') || label === 'share') found.share = readShare(text, value);
    else if (kind.value === 'duration') found.ms = readDuration(text, value);
    else if (kind.value === 'size') found.size = readCount(text, value);
    else throw badRule(text, `"${part}" is no dose`, 'write a share such as 20%, or count=3 for the next 3');
  }
  if (kind.value === 'duration' && found.ms === undefined) {
    throw badRule(
      text,
      'it needs a time',
      'write a time such as 200ms or 3s, or a range such as 50ms..200ms',
    );
  }
  if (kind.value === 'size' && found.size === undefined) {
    throw badRule(text, 'it needs a size', 'write how many entries a page may have, such as 2');
  }
  if (kind.value === undefined && found.share === undefined && found.count === undefined) {
    throw badRule(text, 'it does not say how often', 'write a share such as 20%, or count=3 for the next 3');
  }
  return { ...found, share: found.share ?? 1 };
}

function readShare(text: string, value: string): number {
  const percent = /^\d+(\.\d+)?%$/.test(value) ? Number(value.slice(0, -1)) : Number.NaN;
  if (percent > 0 && percent <= 100) return percent / 100;
  throw badRule(text, `"${value}" is no share`, 'a share is above 0% and up to 100%');
}

function readCount(text: string, value: string): number {
  const count = /^\d+$/.test(value) ? Number(value) : 0;
  if (count >= 1 && Number.isSafeInteger(count)) return count;
  throw badRule(text, `"${value}" is no number of times`, 'write a whole number from 1');
}

function readDuration(text: string, value: string): readonly [number, number] {
  const [first = '', last = first, ...more] = value.split('..');
  const from = readTime(first);
  const to = readTime(last);
  if (from === undefined || to === undefined || more.length > 0) {
    throw badRule(text, `"${value}" is no time`, 'write a time such as 200ms or 3s, or a range 50ms..200ms');
  }
  if (from > to || to > LONGEST_MS) {
    throw badRule(
      text,
      `"${value}" is out of range`,
      'a range goes from the shorter to the longer, up to 15m',
    );
  }
  return [from, to];
}

function readTime(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  if (match === null) return undefined;
  // The pattern has just shown that it is one of the units.
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

function badRule(text: string, reason: string, hint: string): CliError {
  return usageError('faults.badRule', `the rule "${text.trim()}" cannot be used: ${reason}`, hint);
}
