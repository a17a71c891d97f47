// Lambda's event-filter syntax, so that a filter tried on a live tail can be given to a mapping as it is.
// Patterns are parsed and refused here once; what runs per record is a tree of closures. Pure.
import { usageError } from '../../errors.js';
import type { StreamRecord } from '../../model/wire.js';
import { compilePattern } from './pattern.js';
import { fieldOfRecord } from './record-fields.js';

export { filterCautions } from './cautions.js';
export { FILTER_OPERATORS } from './operators.js';

/** An event source mapping takes at most this many patterns by default. */
export const MAX_FILTERS = 5;
/** The longest pattern that Lambda takes, in characters. */
export const MAX_PATTERN_LENGTH = 4096;

/** True for a record that an event source mapping with these patterns would deliver. */
export type RecordFilter = (record: StreamRecord) => boolean;

/**
 * Compiles up to five patterns, ORed as Lambda does; without patterns every record passes.
 * Takes records of either wire shape. Throws `filter.json`, `filter.shape`, `filter.operator`, `filter.tooLong` or
 * `filter.tooMany` (exit 2) with what is wrong and where.
 */
export function compileFilter(patterns: readonly string[]): RecordFilter {
  if (patterns.length > MAX_FILTERS) {
    throw usageError(
      'filter.tooMany',
      `${patterns.length} filters were given; an event source mapping takes at most ${MAX_FILTERS}`,
      'put alternatives of one field in its list, or use $or',
    );
  }
  const rules = patterns.map(compileOne);
  const [first] = rules;
  if (first === undefined) return () => true;
  if (rules.length === 1) return first;
  return (record) => rules.some((rule) => rule(record));
}

function compileOne(text: string): RecordFilter {
  if (text.length > MAX_PATTERN_LENGTH) {
    throw usageError(
      'filter.tooLong',
      `the filter has ${text.length} characters; Lambda takes at most ${MAX_PATTERN_LENGTH}`,
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw usageError(
      'filter.json',
      `the filter ${text} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      `quote it for the shell: --filter '{"eventName":["INSERT"]}'`,
    );
  }
  const rule = compilePattern(parsed);
  return (record) => rule((name) => fieldOfRecord(record, name));
}
