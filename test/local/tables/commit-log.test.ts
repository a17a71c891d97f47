import { expect, test } from 'vitest';
import { CommitLog } from '../../../src/local/tables/commit-log.js';
import type { LevelDatabase, LevelOperation } from '../../../src/local/tables/dynalite.js';

/** A database that only takes batches, and only when told to. */
function manualDatabase() {
  const batches: { keys: readonly string[]; settle: (error?: Error) => void }[] = [];
  let arrived = (): void => {};
  const database = {
    batch: (operations: readonly LevelOperation[]) =>
      new Promise<void>((resolve, reject) => {
        const settle = (error?: Error): void => (error === undefined ? resolve() : reject(error));
        batches.push({ keys: operations.map((operation) => operation.key), settle });
        arrived();
      }),
  };
  async function nextBatch() {
    while (batches.length === 0) {
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
    const batch = batches.shift();
    if (batch === undefined) throw new Error('No batch arrived');
    return batch;
  }
  // The commit log uses nothing else of a database.
  return { database: database as unknown as LevelDatabase, nextBatch };
}

test('writes that arrive while a batch is in flight go together in the next', async () => {
  const { database, nextBatch } = manualDatabase();
  const log = new CommitLog(database);
  const first = log.commit((batch) => batch.put('a', '1'));
  const one = await nextBatch();
  const rest = ['b', 'c', 'd'].map((key) => log.commit((batch) => batch.put(key, '1')));
  one.settle();
  await first;
  const two = await nextBatch();
  expect([one.keys, two.keys]).toStrictEqual([['a'], ['b', 'c', 'd']]);
  two.settle();
  await Promise.all(rest);
  await log.idle();
});

test('what is written last is written once, after everything else', async () => {
  const { database, nextBatch } = manualDatabase();
  const log = new CommitLog(database);
  const writes = ['a', 'b'].map((key) =>
    log.commit((batch) => {
      batch.putLast('count', () => 'all');
      batch.put(key, '1');
    }),
  );
  const batch = await nextBatch();
  expect(batch.keys).toStrictEqual(['a', 'b', 'count']);
  batch.settle();
  await Promise.all(writes);
});

test('a unit that refuses fails alone', async () => {
  const { database, nextBatch } = manualDatabase();
  const log = new CommitLog(database);
  const refused = log.commit(() => {
    throw new Error('no');
  });
  const written = log.commit((batch) => batch.put('a', '1'));
  await expect(refused).rejects.toThrow('no');
  (await nextBatch()).settle();
  await written;
});

test('a batch that the disk refuses is taken back, last change first, and the log goes on', async () => {
  const { database, nextBatch } = manualDatabase();
  const log = new CommitLog(database);
  const events: string[] = [];
  const failing = ['one', 'two'].map((name) =>
    log.commit((batch) => {
      batch.put(name, '1');
      batch.onFailure(() => events.push(`undo ${name}`));
      batch.afterCommit(() => events.push(`show ${name}`));
      batch.notify(() => events.push(`notify ${name}`));
    }),
  );
  (await nextBatch()).settle(new Error('disk full'));
  for (const write of failing) await expect(write).rejects.toThrow('disk full');
  expect(events).toStrictEqual(['undo two', 'undo one']);
  const next = log.commit((batch) => {
    batch.put('three', '1');
    batch.afterCommit(() => events.push('show three'));
    batch.notify(() => events.push('notify three'));
  });
  (await nextBatch()).settle();
  await next;
  await log.idle();
  expect(events.slice(2)).toStrictEqual(['show three', 'notify three']);
});
