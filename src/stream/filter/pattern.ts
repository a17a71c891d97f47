// The tree of a pattern: objects AND their fields, `$or` ORs objects, a list is the leaf where rules match one value.
import { type CliError, usageError } from '../../errors.js';
import { compileRule, type LeafRule } from './operators.js';
import { isNode, leafAsJson } from './record-fields.js';

/** Reads a field of the value that is matched; undefined when it is absent. */
export type FieldReader = (name: string) => unknown;
export type NodeRule = (read: FieldReader) => boolean;

const OR = '$or';

/** Compiles one parsed pattern. `path` is where it stands, for messages. Throws `filter.*`. */
export function compilePattern(pattern: unknown, path: readonly string[] = []): NodeRule {
  if (!isNode(pattern)) throw shapeError(path, 'must be an object, such as {"eventName":["INSERT"]}');
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw shapeError(path, 'is an empty object, which Lambda refuses');
  const rules = entries.map(([name, value]) =>
    // As in AWS's own matcher, `$or` is the operator only with a list; with an object it is a field of that name.
    name === OR && Array.isArray(value)
      ? compileOr(value, [...path, OR])
      : compileField(name, value, [...path, name]),
  );
  return (read) => rules.every((rule) => rule(read));
}

function compileOr(alternatives: readonly unknown[], path: readonly string[]): NodeRule {
  if (alternatives.length < 2) throw shapeError(path, 'needs a list of at least two objects');
  const rules = alternatives.map((alternative, index) =>
    compilePattern(alternative, [...path, String(index)]),
  );
  return (read) => rules.some((rule) => rule(read));
}

function compileField(name: string, value: unknown, path: readonly string[]): NodeRule {
  if (Array.isArray(value)) {
    if (value.length === 0) throw shapeError(path, 'is an empty list, which Lambda refuses');
    // DynamoDB sends a number as decimal text under `N`, the one place where `numeric` reads text.
    const rules = value.map((rule) =>
      compileRule(rule, path, { decimalText: name === 'N' || name === 'NS' }),
    );
    return (read) => matchesLeaf(read(name), rules);
  }
  if (!isNode(value)) {
    throw shapeError(path, `must be a list or an object: write ["${String(value)}"] for one value`);
  }
  const inner = compilePattern(value, path);
  return (read) => descend(read(name), inner);
}

/** A list in the event matches when any of its members does; an absent field only matches `exists: false`. */
function matchesLeaf(value: unknown, rules: readonly LeafRule[]): boolean {
  if (Array.isArray(value)) {
    return value.length === 0
      ? matchesLeaf(undefined, rules)
      : value.some((member) => matchesLeaf(member, rules));
  }
  // `exists` sees leaves only: an object counts as absent, which is what AWS's matcher does.
  const leaf = isNode(value) ? undefined : leafAsJson(value);
  return rules.some((rule) => rule(leaf));
}

/** Below a field that is absent, only `exists: false` can still match. */
function descend(value: unknown, inner: NodeRule): boolean {
  if (Array.isArray(value) && value.length > 0) return value.some((member) => descend(member, inner));
  return inner((name) => (isNode(value) && Object.hasOwn(value, name) ? value[name] : undefined));
}

function shapeError(path: readonly string[], problem: string): CliError {
  const where = path.length === 0 ? 'the filter' : `the filter's ${path.join('.')}`;
  return usageError(
    'filter.shape',
    `${where} ${problem}`,
    'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html has the syntax',
  );
}
