// The whole way from a stream to a function, over random histories of shards, failures and restarts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Checkpoint } from '../../../src/local/mappings/checkpoint.js';
import type { MappingRecord, MappingSettings } from '../../../src/local/mappings/mapping-record.js';
import { MappingRunner } from '../../../src/local/mappings/mapping-runner.js';
import type { CallResult } from '../../../src/local/mappings/process-batch.js';
import { FakeStreamSource, STREAM_ARN } from './fake-stream-source.js';

const KEYS = 5;

type Step =
  | { readonly type: 'write'; readonly count: number }
  | { readonly type: 'roll'; readonly which: number; readonly children: number }
  | { readonly type: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('write' as const), count: fc.integer({ min: 1, max: 30 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('roll' as const),
      which: fc.nat(KEYS - 1),
      children: fc.constantFrom(1, 2),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
);
const settings = fc.record({
  batchSize: fc.integer({ min: 1, max: 12 }),
  parallelization: fc.integer({ min: 1, max: 3 }),
  bisect: fc.boolean(),
  reportsItemFailures: fc.boolean(),
});

/** A table of a few items; each writes to the open shard that has it, as partitions do. */
class Table {
  readonly source = new FakeStreamSource(['shardId-0']);
  /** Per item: what was written, in order. */
  readonly written: string[][] = Array.from({ length: KEYS }, () => []);
  /** Per item: its open shard. */
  readonly #owners: string[] = Array(KEYS).fill('shardId-0');
  #count = 0;

  write(count: number): void {
    for (let index = 0; index < count; index += 1) {
      const key = this.#count % KEYS;
      const text = String(this.#count);
      this.#count += 1;
      this.source.write(this.#owners[key] ?? '', [{ id: key, text }]);
      this.written[key]?.push(text);
    }
  }

  /** Closes one open shard and gives its items to its children, which are there before it is closed. */
  roll(which: number, children: number): void {
    const parent = this.#owners[which % KEYS] ?? '';
    const made = Array.from({ length: children }, (_, index) => `${parent}.${index}`);
    for (const child of made) this.source.openShard(child, parent);
    for (const [key, owner] of this.#owners.entries()) {
      if (owner === parent) this.#owners[key] = made[key % children] ?? '';
    }
    this.source.closeShard(parent);
  }
}

describe('a mapping over any history', () => {
  it('gives every record, and the records of each item in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 16 }),
        settings,
        fc.infiniteStream(fc.nat(9)),
        async (steps, given, random) => {
          const dir = await mkdtemp(join(tmpdir(), 'ddbcdc-runner-'));
          const table = new Table();
          /** Per item: what the function has taken, each once, in the order of the first time. */
          const taken: string[][] = Array.from({ length: KEYS }, () => []);
          const take = (records: readonly Event['Records'][number][]): void => {
            for (const { dynamodb } of records) {
              const mine = taken[Number(dynamodb.Keys.Id.N)];
              if (mine !== undefined && !mine.includes(dynamodb.NewImage.Text.S))
                mine.push(dynamodb.NewImage.Text.S);
            }
          };
          const call = async (event: Uint8Array): Promise<CallResult> => {
            const { Records } = JSON.parse(Buffer.from(event).toString()) as Event;
            const choice = random.next().value ?? 0;
            await new Promise((resolve) => setImmediate(resolve));
            if (choice === 0) return { type: 'unavailable', reason: 'throttled' };
            if (choice === 1) return { type: 'failed', requestId: 'r' };
            const failed =
              choice === 2 && given.reportsItemFailures ? Math.floor(Records.length / 2) : Records.length;
            take(Records.slice(0, failed));
            const itemIdentifier = Records[failed]?.dynamodb.SequenceNumber;
            const batchItemFailures = itemIdentifier === undefined ? [] : [{ itemIdentifier }];
            return {
              type: 'answered',
              requestId: 'r',
              payload: Buffer.from(JSON.stringify({ batchItemFailures })),
            };
          };
          const start = async (): Promise<MappingRunner> => {
            const { checkpoint, isNew } = await Checkpoint.open(dir);
            const runner = new MappingRunner({
              context: {
                dataDir: dir,
                region: 'us-east-1',
                accountId: '000000000000',
                now: Date.now,
                log: () => undefined,
              },
              source: table.source,
              record: mappingOf(given),
              checkpoint,
              isNew,
              matches: () => true,
              call,
              backOffMs: () => 0,
            });
            await runner.start();
            return runner;
          };
          let runner = await start();
          for (const action of steps) {
            if (action.type === 'write') table.write(action.count);
            else if (action.type === 'roll') table.roll(action.which, action.children);
            else {
              runner.stop();
              await runner.stopped;
              runner = await start();
            }
            await new Promise((resolve) => setImmediate(resolve));
          }
          await vi.waitFor(() => expect(taken).toStrictEqual(table.written), {
            timeout: 10_000,
            interval: 2,
          });
          runner.stop();
          await runner.stopped;
          await rm(dir, { recursive: true, force: true });
        },
      ),
      { numRuns: 60 },
    );
  });
});

interface Event {
  readonly Records: readonly {
    readonly dynamodb: {
      readonly SequenceNumber: string;
      readonly Keys: { readonly Id: { readonly N: string } };
      readonly NewImage: { readonly Text: { readonly S: string } };
    };
  }[];
}

function mappingOf(given: Partial<MappingSettings>): MappingRecord {
  return {
    uuid: '00000000-0000-0000-0000-000000000000',
    streamArn: STREAM_ARN,
    startingPosition: 'TRIM_HORIZON',
    settings: {
      functionName: 'worker',
      enabled: true,
      batchSize: 100,
      batchWindow: 0,
      parallelization: 1,
      bisect: false,
      maxRetries: -1,
      maxRecordAge: -1,
      reportsItemFailures: false,
      filters: [],
      ...given,
    },
    state: 'Enabled',
    lastModified: 0,
    tags: {},
  };
}
