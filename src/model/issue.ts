// Words for issues: what came instead of what was expected, short enough for one line.
import type { Issue } from './change.js';

const MAX_SHOWN = 40;

/** One wire value in a few words: `N "abc"`, `S "x"`, `M`, `nothing`. Never throws. */
export function describeWire(wire: unknown): string {
  if (wire === undefined) return 'nothing';
  if (typeof wire !== 'object' || wire === null) return describeScalar(wire);
  if (Array.isArray(wire)) return 'a list without a type';
  const tags = Object.keys(wire);
  const tag = tags[0];
  if (tag === undefined) return 'an empty object';
  if (tags.length > 1) return `an object with ${tags.length} keys`;
  const payload = (wire as Record<string, unknown>)[tag];
  const shown = typeof payload === 'object' && payload !== null ? '' : ` ${describeScalar(payload)}`;
  return tag === 'NULL' && payload === true ? 'NULL' : shorten(tag) + shown;
}

/** A JavaScript scalar in a few words, text in quotes. */
export function describeScalar(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return shorten(String(value));
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

/** One line for an issue: `Id: expected N (32-bit integer), received S "x"`. */
export function formatIssue(issue: Issue): string {
  const path = issue.path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
  const what =
    issue.code === 'missing'
      ? `missing, expected ${issue.expected}`
      : `expected ${issue.expected}, received ${issue.received}`;
  return path === '' ? what : `${path}: ${what}`;
}
