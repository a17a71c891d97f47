// `--key name=value`: what was asked for, and why it may match nothing.
import { usageError } from '../../errors.js';
import { compareDecimals } from '../../stream/filter/decimal.js';

/** A table's key attribute, as DescribeTable has it. */
export interface TableKey {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** The wanted values of each attribute: values of one are alternatives. Throws `tail.key` (exit 2). */
export function parseKeyFlags(keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, string[]>();
  for (const key of keys) {
    const at = key.indexOf('=');
    if (at <= 0) {
      throw usageError(
        'tail.key',
        `--key takes a name and a value, not "${key}"`,
        'write --key Id=42; repeat it for a sort key',
      );
    }
    const name = key.slice(0, at);
    wanted.set(name, [...(wanted.get(name) ?? []), key.slice(at + 1)]);
  }
  return wanted;
}

const TYPE_TEXT = {
  S: 'text (S)',
  N: 'a number (N)',
  B: 'binary (B), which is given as base64',
} as const;

/** Sentences about flags that no change of the table can match. */
export function keyCautions(keys: readonly string[], tableKeys: readonly TableKey[]): string[] {
  if (tableKeys.length === 0) return [];
  const cautions: string[] = [];
  for (const [name, values] of parseKeyFlags(keys)) {
    const key = tableKeys.find((candidate) => candidate.name === name);
    if (key === undefined) {
      const known = tableKeys.map((known) => `${known.name} (${known.type})`).join(' and ');
      cautions.push(`--key ${name}=${values[0]} matches no change: the key of the table is ${known}`);
      continue;
    }
    for (const value of values) {
      if (fits(key.type, value)) continue;
      cautions.push(`--key ${name}=${value} matches no change: ${name} is ${TYPE_TEXT[key.type]}`);
    }
  }
  return cautions;
}

function fits(type: TableKey['type'], value: string): boolean {
  if (type === 'N') return compareDecimals(value, value) === 0;
  return type === 'S' || Buffer.from(value, 'base64').toString('base64') === value;
}
