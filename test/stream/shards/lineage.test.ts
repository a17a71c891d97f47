import { describe, expect, it } from 'vitest';
import type { ShardListing } from '../../../src/stream/api/stream-api.js';
import { Lineage, type MergeContext, RETENTION_MS } from '../../../src/stream/shards/lineage.js';

const NOW = Date.UTC(2026, 0, 15);
const WHOLE: MergeContext = { complete: true, isFresh: true, now: NOW };

function shardId(createdAt: number, suffix: string): string {
  return `shardId-${String(createdAt).padStart(20, '0')}-${suffix}`;
}

function lineageOf(...listings: ShardListing[]): Lineage {
  const lineage = new Lineage();
  lineage.merge(listings, WHOLE);
  return lineage;
}

const ready = (lineage: Lineage) => lineage.ready().map(({ id }) => id);

describe('lineage', () => {
  it('lets a child be read when its parent is done, in whatever order they were listed', () => {
    const lineage = lineageOf(
      { id: 'c', parent: 'b' },
      { id: 'b', parent: 'a', end: '5' },
      { id: 'a', end: '3' },
    );
    expect(ready(lineage)).toStrictEqual(['a']);
    lineage.begin('a');
    expect(ready(lineage)).toStrictEqual([]);
    lineage.finish('a', NOW);
    expect(ready(lineage)).toStrictEqual(['b']);
    expect(lineage.counts()).toStrictEqual({ open: 0, closed: 1, waiting: 2 });
  });

  it('takes a parent that is listed as open beside its child for closed', () => {
    const lineage = lineageOf({ id: 'a' }, { id: 'b', parent: 'a' });
    expect([lineage.isClosed('a'), lineage.isClosed('b')]).toStrictEqual([true, false]);
    expect(lineage.childrenOf('a')).toStrictEqual(['b']);
  });

  it('takes in repeated and partial listings once', () => {
    const lineage = lineageOf({ id: 'a' }, { id: 'a' });
    const added = lineage.merge(
      [
        { id: 'a', end: '9' },
        { id: 'b', parent: 'a' },
      ],
      { ...WHOLE, complete: false },
    );
    expect(added.map(({ id }) => id)).toStrictEqual(['b']);
    expect(lineage.size).toBe(2);
    expect(lineage.get('a')?.end).toBe('9');
  });

  it('takes a parent that was trimmed for done at once', () => {
    const old = NOW - 2 * RETENTION_MS;
    const child = shardId(NOW - RETENTION_MS - 1, 'c');
    expect(ready(lineageOf({ id: child, parent: shardId(old, 'p') }))).toStrictEqual([child]);
  });

  it('waits for a parent that cannot have been trimmed, until many listings lack it', () => {
    const child = shardId(NOW - 1_000, 'c');
    const lineage = lineageOf({ id: child, parent: shardId(NOW - 2_000, 'p') });
    let listings = 1;
    for (; ready(lineage).length === 0 && listings < 100; listings += 1) {
      expect(lineage.hasUnconfirmedParents).toBe(true);
      lineage.merge([{ id: child, parent: shardId(NOW - 2_000, 'p') }], WHOLE);
    }
    expect(listings).toBe(20);
    expect(lineage.hasUnconfirmedParents).toBe(false);
  });

  it('concludes nothing from an incomplete listing', () => {
    const lineage = new Lineage();
    for (let i = 0; i < 50; i += 1) lineage.merge([{ id: 'b', parent: 'a' }], { ...WHOLE, complete: false });
    expect(ready(lineage)).toStrictEqual([]);
    lineage.merge([{ id: 'a' }], { ...WHOLE, complete: false });
    expect(ready(lineage)).toStrictEqual(['a']);
  });

  it('does not wait for a shard that is its own ancestor', () => {
    expect(ready(lineageOf({ id: 'a', parent: 'a' }))).toStrictEqual(['a']);
    const loop = lineageOf({ id: 'a', parent: 'c' }, { id: 'b', parent: 'a' }, { id: 'c', parent: 'b' });
    expect(ready(loop)).toStrictEqual(['c']);
  });

  it('trusts an end number only once the shard had children before the listing', () => {
    const lineage = lineageOf({ id: 'a', end: '5' });
    expect(lineage.get('a')?.finalEnd).toBeUndefined();
    lineage.merge(
      [
        { id: 'a', end: '7' },
        { id: 'b', parent: 'a' },
      ],
      WHOLE,
    );
    expect(lineage.get('a')?.finalEnd).toBeUndefined();
    lineage.merge(
      [
        { id: 'a', end: '9' },
        { id: 'b', parent: 'a' },
      ],
      WHOLE,
    );
    expect(lineage.get('a')?.finalEnd).toBe('9');
  });

  it('forgets what was done long ago and is listed no more', () => {
    const lineage = lineageOf({ id: 'a' }, { id: 'b', end: '9' }, { id: 'c' });
    lineage.finish('a', NOW);
    lineage.finish('b', NOW);
    const later = NOW + 3 * RETENTION_MS;
    lineage.forget(new Set(['b', 'c']), later);
    expect([...lineage.all()].map(({ id }) => id)).toStrictEqual(['b', 'c']);
    expect(lineage.counts()).toStrictEqual({ open: 0, closed: 1, waiting: 1 });
  });

  it('does not wait for what an earlier tail has read', () => {
    const lineage = new Lineage();
    lineage.assumeDone(['a']);
    lineage.merge([{ id: 'b', parent: 'a' }], WHOLE);
    expect(ready(lineage)).toStrictEqual(['b']);
    expect(lineage.isDone('a')).toBe(true);
  });
});
