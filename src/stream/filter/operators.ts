// The rules of a pattern's leaves: equality and Lambda's comparison operators.
import { type CliError, usageError } from '../../errors.js';
import { compileNumeric } from './numeric.js';
import { isNode } from './record-fields.js';

/** Matches one leaf of an event: text, number, boolean, null, or undefined for an absent field. */
export type LeafRule = (leaf: unknown) => boolean;

export interface LeafContext {
  /** True where the leaf is DynamoDB's decimal text of a number. */
  readonly decimalText: boolean;
}

/** The operators that Lambda documents for event filters; `$or` stands beside fields, the others in their lists. */
export const FILTER_OPERATORS = [
  'prefix',
  'suffix',
  'equals-ignore-case',
  'anything-but',
  'exists',
  'numeric',
  '$or',
] as const;

type Scalar = string | number | boolean | null;

/** Compiles one member of a leaf's list. Throws `filter.operator` or `filter.shape`. */
export function compileRule(rule: unknown, path: readonly string[], context: LeafContext): LeafRule {
  if (isScalar(rule)) return (leaf) => leaf === rule;
  if (!isNode(rule)) throw operandError(path, 'a list within a list is not a rule');
  const [entry, ...more] = Object.entries(rule);
  if (entry === undefined || more.length > 0) {
    throw operandError(path, 'a rule has exactly one operator, such as {"prefix":"a"}');
  }
  const [operator, operand] = entry;
  switch (operator) {
    case 'prefix': {
      const text = textOperand(operator, operand, path);
      return (leaf) => typeof leaf === 'string' && leaf.startsWith(text);
    }
    case 'suffix': {
      const text = textOperand(operator, operand, path);
      return (leaf) => typeof leaf === 'string' && leaf.endsWith(text);
    }
    case 'equals-ignore-case': {
      const text = textOperand(operator, operand, path).toLowerCase();
      return (leaf) => typeof leaf === 'string' && leaf.toLowerCase() === text;
    }
    case 'anything-but':
      return compileAnythingBut(operand, path);
    case 'exists':
      if (typeof operand !== 'boolean') throw operandError(path, '"exists" takes true or false');
      return (leaf) => (leaf !== undefined) === operand;
    case 'numeric':
      return compileNumeric(operand, context.decimalText, (problem) => operandError(path, problem));
    default:
      throw usageError(
        'filter.operator',
        `unknown operator "${operator}" at ${path.join('.')}`,
        `the operators are ${FILTER_OPERATORS.join(', ')}`,
      );
  }
}

/** An absent field is not "anything": it matches only `exists: false`. */
function compileAnythingBut(operand: unknown, path: readonly string[]): LeafRule {
  if (isNode(operand)) {
    const [entry, ...more] = Object.entries(operand);
    if (entry?.[0] !== 'prefix' || more.length > 0) {
      throw operandError(path, '"anything-but" takes a value, a list of values, or {"prefix":"…"}');
    }
    const prefix = textOperand('prefix', entry[1], path);
    return (leaf) => leaf !== undefined && !(typeof leaf === 'string' && leaf.startsWith(prefix));
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const allText = excluded.every((value) => typeof value === 'string');
  const allNumbers = excluded.every((value) => typeof value === 'number');
  if (excluded.length === 0 || !(allText || allNumbers)) {
    throw operandError(path, '"anything-but" takes text or numbers, in a list all of one kind');
  }
  const values: ReadonlySet<unknown> = new Set<unknown>(excluded);
  return (leaf) => leaf !== undefined && !values.has(leaf);
}

function textOperand(operator: string, operand: unknown, path: readonly string[]): string {
  if (typeof operand === 'string' && (operand !== '' || operator === 'equals-ignore-case')) return operand;
  throw operandError(path, `"${operator}" takes text that is not empty`);
}

function operandError(path: readonly string[], problem: string): CliError {
  return usageError(
    'filter.shape',
    `the filter's ${path.join('.')}: ${problem}`,
    `the operators are ${FILTER_OPERATORS.join(', ')}`,
  );
}

function isScalar(value: unknown): value is Scalar {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  );
}
