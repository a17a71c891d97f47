import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFunction, type Harness, startHarness } from '../functions/compute-harness.js';
import { FakeStreamSource } from './fake-stream-source.js';
import {
  batches,
  createMapping,
  items,
  LOGGER,
  mappingBecomes,
  quiet,
  range,
  until,
} from './mapping-harness.js';

let source: FakeStreamSource;
let harness: Harness;
beforeEach(async () => {
  source = new FakeStreamSource();
  harness = await startHarness(source);
});
afterEach(() => harness.close());

const seen = (): Promise<number[][]> => batches(harness);

describe('an event source mapping', () => {
  it('gives every record once, in order, in batches of the size asked for', async () => {
    source.write('shardId-1', items(0, 250));
    await createFunction(harness, LOGGER);
    const UUID = await createMapping(harness, { BatchSize: 100 });
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 250)));
    expect((await seen()).map((batch) => batch.length)).toStrictEqual([100, 100, 50]);
    source.write('shardId-1', items(250, 260));
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 260)));
    await mappingBecomes(harness, UUID, { State: 'Enabled', LastProcessingResult: 'OK' });
  });

  it('goes on behind its checkpoint after a restart', async () => {
    source.write('shardId-1', items(0, 30));
    await createFunction(harness, LOGGER);
    await createMapping(harness, { BatchSize: 10 });
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 30)));
    await quiet(harness);
    await harness.restart();
    source.write('shardId-1', items(30, 40));
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 40)));
  });

  it('starts at LATEST behind what is there, and reads later shards from their beginning', async () => {
    source.write('shardId-1', items(0, 10));
    await createFunction(harness, LOGGER);
    const UUID = await createMapping(harness, { StartingPosition: 'LATEST' });
    await mappingBecomes(harness, UUID, { State: 'Enabled' });
    source.write('shardId-1', items(10, 20));
    source.openShard('shardId-2', 'shardId-1');
    source.write('shardId-2', items(20, 30));
    source.closeShard('shardId-1');
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(10, 30)));
  });

  it('reads a child only when its parent is done', async () => {
    source.openShard('shardId-2', 'shardId-1');
    source.write('shardId-2', items(50, 60));
    source.write('shardId-1', items(0, 50));
    await createFunction(harness, LOGGER);
    await createMapping(harness);
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 50)));
    source.closeShard('shardId-1');
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 60)));
  });

  it('delivers what its filters let through, and counts the rest as done', async () => {
    await createFunction(harness, LOGGER);
    source.write('shardId-1', items(0, 50));
    await createMapping(harness, {
      BatchSize: 10,
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"Id":{"N":["3","44"]}}}}' }] },
    });
    await until(seen, (found) => expect(found.flat()).toStrictEqual([3, 44]));
    await quiet(harness);
    await harness.restart();
    source.write('shardId-1', items(44, 45));
    await until(seen, (found) => expect(found.flat()).toStrictEqual([3, 44, 44]));
  });

  it('keeps the order of each item over parallel lanes', async () => {
    await createFunction(
      harness,
      `exports.handler = async (event) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        console.log('BATCH ' + JSON.stringify(event.Records.map((r) => Number(r.dynamodb.NewImage.Text.S))));
      };`,
    );
    const writes = range(0, 200).map((index) => ({ id: index % 7, text: String(index) }));
    source.write('shardId-1', writes);
    await createMapping(harness, { BatchSize: 5, ParallelizationFactor: 4 });
    await until(seen, (found) => expect(found.flat()).toHaveLength(200));
    const order = (await seen()).flat();
    expect([...order].sort((a, b) => a - b)).toStrictEqual(range(0, 200));
    for (const id of range(0, 7)) {
      const mine = order.filter((index) => index % 7 === id);
      expect(mine).toStrictEqual([...mine].sort((a, b) => a - b));
    }
  });

  it('gathers a batch for as long as its window, or until it is full', async () => {
    await createFunction(harness, LOGGER);
    await createMapping(harness, { BatchSize: 4, MaximumBatchingWindowInSeconds: 1 });
    for (const id of range(0, 6)) source.write('shardId-1', [{ id }]);
    await until(seen, (found) => expect(found).toStrictEqual([range(0, 4), range(4, 6)]));
  });

  it('cuts a batch at the payload limit of 6 MB', async () => {
    await createFunction(harness, LOGGER, { MemorySize: 1024 });
    source.write(
      'shardId-1',
      range(0, 40).map((id) => ({ id, text: 'x'.repeat(400_000) })),
    );
    await createMapping(harness, { BatchSize: 10_000 });
    await until(seen, (found) => expect(found.flat()).toStrictEqual(range(0, 40)));
    expect(Math.max(...(await seen()).map((batch) => batch.length))).toBe(15);
  });
});
