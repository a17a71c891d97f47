// What a valid pattern may do other than its author expects. Advice for the tail and for `init`, never a refusal.
import { isNode } from './record-fields.js';

const RECORD_FIELDS = [
  'dynamodb',
  'eventName',
  'eventID',
  'eventSource',
  'eventSourceARN',
  'eventVersion',
  'awsRegion',
  'userIdentity',
];
const TYPE_NAMES = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];

/**
 * Sentences about patterns that parse but probably match nothing, or match differently in Lambda.
 * Takes patterns that `compileFilter` accepted; text that is not JSON gives none.
 */
export function filterCautions(patterns: readonly string[]): string[] {
  const cautions = new Set<string>();
  for (const text of patterns) {
    const pattern = parse(text);
    if (!isNode(pattern)) continue;
    for (const name of Object.keys(pattern)) {
      if (name !== '$or' && !RECORD_FIELDS.includes(name)) {
        cautions.add(
          `no stream record has a field "${name}" at its top: attributes are under dynamodb.Keys, NewImage, OldImage`,
        );
      }
    }
    walk(pattern, [], cautions);
  }
  return [...cautions];
}

function walk(node: unknown, path: readonly string[], cautions: Set<string>): void {
  if (Array.isArray(node)) {
    if (path.at(-1) === '$or') {
      for (const alternative of node) walk(alternative, path.slice(0, -1), cautions);
      return;
    }
    checkLeaf(node, path, cautions);
    return;
  }
  if (!isNode(node)) return;
  for (const [name, value] of Object.entries(node)) walk(value, [...path, name], cautions);
}

function checkLeaf(rules: readonly unknown[], path: readonly string[], cautions: Set<string>): void {
  const [root, image, attribute] = path;
  const name = path.at(-1) ?? '';
  if (root !== 'dynamodb' || attribute === undefined || !/^(Keys|NewImage|OldImage)$/.test(image ?? ''))
    return;
  const where = path.join('.');
  if (path.length === 3 || !TYPE_NAMES.includes(name)) {
    cautions.add(
      `${where} stands on an attribute, not on its type: Lambda matches leaves, such as ${where}.S`,
    );
    return;
  }
  if (name !== 'N' && name !== 'NS') return;
  for (const rule of rules) {
    if (typeof rule === 'number') {
      cautions.add(`DynamoDB sends numbers as text: write ["${rule}"], not [${rule}], at ${where}`);
    } else if (isNode(rule) && Object.hasOwn(rule, 'numeric')) {
      // Tests of others against AWS found that Lambda compares JSON numbers only, and an N is text in the event.
      cautions.add(
        `"numeric" is matched on the decimal text at ${where}; try it on AWS before relying on it in a mapping: N is text there, which Lambda's matcher has been seen to pass over`,
      );
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
