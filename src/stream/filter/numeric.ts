// The `numeric` operator: one comparison, or a lower and an upper bound. DynamoDB's numbers are decimal text of up to
// 38 digits, so a comparison that a double cannot decide is made on the digits.
import type { CliError } from '../../errors.js';
import { compareDecimals } from './decimal.js';

const LOWER = ['>', '>='];
const UPPER = ['<', '<='];

interface Comparison {
  readonly operator: string;
  readonly bound: number;
}

/**
 * Compiles `["=", 100]`, `[">", 10]` or `[">=", 10, "<", 20]`.
 * @param decimalText whether decimal text (an N attribute) is compared too; JSON numbers always are.
 */
export function compileNumeric(
  operand: unknown,
  decimalText: boolean,
  refuse: (problem: string) => CliError,
): (leaf: unknown) => boolean {
  const comparisons = parseComparisons(operand, refuse);
  return (leaf) => {
    if (typeof leaf === 'number') return comparisons.every((comparison) => holds(String(leaf), comparison));
    return (
      decimalText && typeof leaf === 'string' && comparisons.every((comparison) => holds(leaf, comparison))
    );
  };
}

function parseComparisons(operand: unknown, refuse: (problem: string) => CliError): Comparison[] {
  if (!Array.isArray(operand) || operand.length === 0) {
    throw refuse('"numeric" takes a list, such as [">",0,"<=",100]');
  }
  if (operand.length % 2 !== 0) throw refuse('"numeric" takes pairs of an operator and a number');
  const comparisons: Comparison[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const operator: unknown = operand[index];
    const bound: unknown = operand[index + 1];
    if (typeof operator !== 'string' || !['=', ...LOWER, ...UPPER].includes(operator)) {
      throw refuse(`"numeric" knows =, <, <=, > and >=, not ${JSON.stringify(operator)}`);
    }
    if (typeof bound !== 'number') throw refuse(`"numeric" needs a number after "${operator}"`);
    comparisons.push({ operator, bound });
  }
  const [first, second] = comparisons;
  if (first === undefined || second === undefined) return comparisons;
  const isRange =
    comparisons.length === 2 && LOWER.includes(first.operator) && UPPER.includes(second.operator);
  if (!isRange) throw refuse('"numeric" takes one comparison, or a lower bound and then an upper one');
  if (first.bound >= second.bound) throw refuse('the lower bound of "numeric" must be below the upper one');
  return comparisons;
}

function holds(text: string, { operator, bound }: Comparison): boolean {
  const order = compareDecimals(text, String(bound));
  if (order === undefined) return false;
  switch (operator) {
    case '=':
      return order === 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    default:
      return order <= 0;
  }
}
