// A handler over memory: its events from fixtures, its log as parsed lines, its clock fixed.
import { readFileSync } from 'node:fs';
import { type Consumer, consumerOf } from '../../../src/lambda/handler/consumer.js';
import { createHandler, type HandlerOptions } from '../../../src/lambda/handler/index.js';
import { sampleModelFor } from '../../../src/lambda/handler/sample.js';
import type {
  BatchResponse,
  ChangeHandler,
  LambdaContext,
  StreamBatch,
} from '../../../src/lambda/handler/types.js';

export const NOW = Date.parse('2026-11-23T12:00:00.000Z');

export const CONTEXT: LambdaContext = {
  awsRequestId: '3604209a-e9a3-11e6-939a-754dd98c7be3',
  functionName: 'sample-ddb-stream-handler',
};

/** A fresh copy of a captured event. */
export function eventFixture(name: 'lambda-event' | 'lambda-event-all-types'): StreamBatch {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

export interface Handled {
  readonly response: BatchResponse;
  readonly lines: Record<string, unknown>[];
  /** One entry a call of `write`. */
  readonly writes: readonly string[];
}

/** Runs one batch; timings in the lines are replaced by 0. */
export async function handle(
  event: StreamBatch,
  options: Partial<HandlerOptions> & { readonly onChanges?: ChangeHandler } = {},
): Promise<Handled> {
  const { onChanges, ...rest } = options;
  const writes: string[] = [];
  const consume: { consume?: Consumer } = onChanges === undefined ? {} : { consume: consumerOf(onChanges) };
  const handler = createHandler({
    modelFor: sampleModelFor,
    env: {},
    now: () => NOW,
    write: async (text) => {
      writes.push(text);
    },
    ...consume,
    ...rest,
  });
  const response = await handler(event, CONTEXT);
  const lines = writes
    .join('')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line, (name, value) => (/(decode|handler|batch)Ms$/i.test(name) ? 0 : value)));
  return { response, lines, writes };
}
