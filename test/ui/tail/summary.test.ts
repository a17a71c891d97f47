import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { renderShardTree, type ShardLine } from '../../../src/ui/tail/summary.js';

const colors = new Chalk({ level: 0 });
const parent = 'shardId-00000001795433269000-864758bb';
const child = 'shardId-00000001795433270000-1b2c3d4e';
const shards: readonly ShardLine[] = [
  { id: parent, state: 'done' },
  { id: child, parent, state: 'reading', lagMs: 950 },
];

describe('the shard tree', () => {
  it('has whole ids, which --shard takes, where they fit', () => {
    expect(renderShardTree(shards, colors, 80)).toMatchInlineSnapshot(`
      [
        "  = shardId-00000001795433269000-864758bb    done",
        "    + shardId-00000001795433270000-1b2c3d4e  reading  lag ≈ 950 ms",
      ]
    `);
  });

  it('has the ends of the ids on a narrow terminal', () => {
    expect(renderShardTree(shards, colors, 60)).toMatchInlineSnapshot(`
      [
        "  = …864758bb    done",
        "    + …1b2c3d4e  reading  lag ≈ 950 ms",
      ]
    `);
  });
});
