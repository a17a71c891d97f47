import { expect, it } from 'vitest';
import type { ChangeHandler } from '../../../src/index.js';
import { consumerFrom } from '../../../src/lambda/handler/user-code.js';
import { defineModel, type Infer, string } from '../../../src/model/index.js';

const model = defineModel({ text: string('Message') });

// What users write has to compile as it is; that these lines do is the test.
const HANDLERS: readonly ChangeHandler<Infer<typeof model>>[] = [
  async () => {},
  async (changes) => changes.filter(({ model: value }) => value?.text === '').map(({ seq }) => seq),
  async (changes) => {
    if (changes.length > 100) return changes.map(({ seq }) => seq);
    return undefined;
  },
  async (changes) => ({ batchItemFailures: changes.map(({ seq }) => ({ itemIdentifier: seq })) }),
  async (_changes, context) => {
    if ((context.getRemainingTimeInMillis?.() ?? 0) < 0) throw new Error(context.awsRequestId);
  },
];

it('takes every handler that the type allows, and nothing that is no function', () => {
  expect(HANDLERS.map((handler) => typeof consumerFrom(handler))).toStrictEqual(
    HANDLERS.map(() => 'function'),
  );
  expect(() => consumerFrom({ default: HANDLERS[0] })).toThrow(
    new TypeError('the default export of the handler file is not a function'),
  );
});
