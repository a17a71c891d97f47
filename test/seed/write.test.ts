import { expect, it } from 'vitest';
import { sampleItem } from '../../src/seed/items.js';
import { type SeedOptions, seedItems } from '../../src/seed/write.js';
import { type Answer, startDynamoDBDouble } from '../helpers/dynamodb-double.js';

type Request = { PutRequest: { Item: { Id: { N: string } } } };

/** A table that keeps what it accepted, in front of which `fault` may refuse. */
function table(fault: (requests: Request[], call: number) => Answer | undefined) {
  const accepted: number[] = [];
  let calls = 0;
  const accept = (requests: Request[]): void => {
    accepted.push(...requests.map((request) => Number(request.PutRequest.Item.Id.N)));
  };
  return {
    accepted,
    accept,
    answer(_operation: string, body: Record<string, unknown>): Answer {
      const requests = (body.RequestItems as Record<string, Request[]>).T ?? [];
      calls += 1;
      const refused = fault(requests, calls);
      if (refused !== undefined) return refused;
      accept(requests);
      return { body: { UnprocessedItems: {} } };
    },
  };
}

function options(client: SeedOptions['dynamodb'], overrides: Partial<SeedOptions> = {}): SeedOptions {
  return {
    dynamodb: client,
    table: 'T',
    count: 60,
    concurrency: 2,
    makeItem: (i) => sampleItem(i, []),
    signal: new AbortController().signal,
    random: () => 0,
    ...overrides,
  };
}

const everyId = Array.from({ length: 60 }, (_, i) => i);

it('writes every item in batches of at most 25', async () => {
  const sizes: number[] = [];
  const store = table((requests) => {
    sizes.push(requests.length);
    return undefined;
  });
  await using server = await startDynamoDBDouble(store.answer);
  const result = await seedItems(options(server.client));
  expect(result).toMatchObject({ requested: 60, written: 60, failed: 0, retried: 0 });
  expect(sizes.toSorted((a, b) => a - b)).toStrictEqual([10, 25, 25]);
  expect(store.accepted.toSorted((a, b) => a - b)).toStrictEqual(everyId);
});

it('sends unprocessed items again until they are written', async () => {
  const store = table((requests, call) => {
    if (call > 3) return undefined;
    store.accept(requests.slice(0, 5));
    return { body: { UnprocessedItems: { T: requests.slice(5) } } };
  });
  await using server = await startDynamoDBDouble(store.answer);
  const result = await seedItems(options(server.client));
  expect(result.written).toBe(60);
  expect(result.retried).toBeGreaterThan(0);
  expect(store.accepted.toSorted((a, b) => a - b)).toStrictEqual(everyId);
});

it('goes on after throttling, a server error and a cut connection', async () => {
  const faults: Answer[] = [
    { error: 'ThrottlingException' },
    { error: 'InternalServerError', status: 500 },
    'cut',
  ];
  const store = table(() => faults.pop());
  await using server = await startDynamoDBDouble(store.answer);
  const result = await seedItems(options(server.client));
  expect(result).toMatchObject({ written: 60, failed: 0 });
  expect(store.accepted.toSorted((a, b) => a - b)).toStrictEqual(everyId);
});

it('gives a batch up when nothing of it was accepted for half a minute, and says why', async () => {
  const store = table((requests) =>
    requests.some((request) => request.PutRequest.Item.Id.N === '30')
      ? { error: 'ThrottlingException' }
      : undefined,
  );
  await using server = await startDynamoDBDouble(store.answer);
  let clock = 0;
  const result = await seedItems(
    options(server.client, {
      now: () => {
        clock += 20_000;
        return clock;
      },
    }),
  );
  expect(result).toMatchObject({ requested: 60, written: 35, failed: 25 });
  expect(result.error).toContain('table T');
});

it('refuses at once what no retry can mend', async () => {
  await using server = await startDynamoDBDouble(() => ({ error: 'ValidationException', message: 'no' }));
  await expect(seedItems(options(server.client))).rejects.toMatchObject({
    code: 'aws.error',
    message: 'table T: ValidationException: no',
  });
});

it('stops when interrupted and accounts for what was sent', async () => {
  const abort = new AbortController();
  const store = table(() => {
    abort.abort();
    return undefined;
  });
  await using server = await startDynamoDBDouble(store.answer);
  const result = await seedItems(options(server.client, { concurrency: 1, signal: abort.signal }));
  expect(result.written + result.failed).toBe(25);
});

it('spreads a slow rate over small batches', async () => {
  const sizes: number[] = [];
  const store = table((requests) => {
    sizes.push(requests.length);
    return undefined;
  });
  await using server = await startDynamoDBDouble(store.answer);
  const result = await seedItems(options(server.client, { count: 20, ratePerSecond: 400 }));
  expect(result.written).toBe(20);
  expect(sizes).toStrictEqual([10, 10]);
});
