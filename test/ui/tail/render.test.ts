import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { sampleModel } from '../../../src/model/index.js';
import type { ChangeEvent } from '../../../src/stream/events.js';
import { renderChange } from '../../../src/ui/tail/render-change.js';
import {
  renderBatch,
  renderGap,
  renderRetry,
  renderShard,
  renderStall,
  renderSwitch,
} from '../../../src/ui/tail/render-notices.js';
import { initialColumns, type TailView } from '../../../src/ui/tail/view.js';
import { displayWidth } from '../../../src/ui/width.js';
import { makeBatch, makeChange, SHARD, STREAM_ARN, sampleImage } from './make-events.js';

const colors = new Chalk({ level: 0 });

function render(event: ChangeEvent, overrides: Partial<TailView> = {}): string[] {
  return renderChange(event, { colors, width: 80, utc: true, columns: initialColumns(), ...overrides });
}

describe('renderChange', () => {
  it('shows the model of an insert', () => {
    expect(render(makeChange({ newImage: sampleImage(42) }, sampleModel))).toMatchInlineSnapshot(`
      [
        "14:03:07Z  INSERT  Id=42  id 42, entityType "Message", message "A message for I…",
      ]
    `);
  });

  it('shows an image without its keys where there is no model', () => {
    expect(render(makeChange({ newImage: sampleImage(42) }))).toMatchInlineSnapshot(`
      [
        "14:03:07Z  INSERT  Id=42  Message "A message for Id 42", EntityType "Message"",
      ]
    `);
  });

  it('shows what a modify changed', () => {
    const event = makeChange({
      event: 'MODIFY',
      keys: { pk: { S: 'order' }, sk: { N: '7' } },
      oldImage: {
        pk: { S: 'order' },
        sk: { N: '7' },
        status: { S: 'new' },
        note: { S: 'x' },
        tags: { SS: ['a', 'b'] },
        address: { M: { city: { S: 'Paris' } } },
      },
      newImage: {
        pk: { S: 'order' },
        sk: { N: '7' },
        status: { S: 'paid' },
        tags: { SS: ['b', 'c'] },
        address: { M: { city: { S: 'Rome' } } },
        total: { N: '12.50' },
      },
    });
    expect(render(event, { width: 160 })).toMatchInlineSnapshot(`
      [
        "14:03:07Z  MODIFY  pk="order" sk=7  status "new" → "paid", - note "x", tags + "c" - "a", address.city "Paris" → "Rome", + total 12.5",
      ]
    `);
  });

  it('keeps both sides of a change visible on a narrow terminal', () => {
    const event = makeChange({
      event: 'MODIFY',
      oldImage: { Id: { N: '42' }, Message: { S: 'a'.repeat(300) } },
      newImage: { Id: { N: '42' }, Message: { S: 'b'.repeat(300) } },
    });
    const [line = ''] = render(event);
    expect(line).toContain('… → "b');
    expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  it('tells a removal by time to live', () => {
    const event = makeChange({ event: 'REMOVE', oldImage: sampleImage(42), ttl: true });
    expect(render(event)).toMatchInlineSnapshot(`
      [
        "14:03:07Z  REMOVE (ttl)  Id=42  Message "A message for Id…, EntityType "Message"",
      ]
    `);
    expect(render(makeChange({ event: 'REMOVE' }))).toMatchInlineSnapshot(`
      [
        "14:03:07Z  REMOVE  Id=42",
      ]
    `);
  });

  it('shows undecodable records with every issue', () => {
    const event = makeChange(
      { newImage: { Id: { N: '42' }, Message: { N: '1' } }, seq: '4421584500000000017450439092' },
      sampleModel,
    );
    expect(render(event)).toMatchInlineSnapshot(`
      [
        "14:03:07Z  INSERT  Id=42  Message 1",
        "  ! EntityType: missing, expected S · seq 4421584500000000017450439092",
        "  ! Message: expected S, received N "1"",
      ]
    `);
  });

  it('never lets control characters through', () => {
    const evil = '\u001b[2J\u0007\r\n\u202e';
    const event = makeChange({
      keys: { Id: { S: evil } },
      newImage: { Id: { S: evil }, [evil]: { M: { [evil]: { S: evil } } } },
    });
    for (const images of [undefined, 'new', 'both', 'model'] as const) {
      const text = render(event, images === undefined ? {} : { images }).join('');
      expect(text).not.toMatch(/[\u0000-\u001f\u202e]/);
    }
  });

  it('fits every line into the terminal', () => {
    const image = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`attribute${index}`, { S: '日本語'.repeat(20) }]),
    );
    for (const width of [60, 80, 120]) {
      const [line = ''] = render(makeChange({ newImage: image }), { width });
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(line).toMatch(/\+\d+ more$/);
    }
  });

  it('takes the part that was asked for', () => {
    const event = makeChange({
      event: 'MODIFY',
      oldImage: { Id: { N: '42' }, a: { N: '1' } },
      newImage: { Id: { N: '42' }, a: { N: '2' } },
    });
    const shown = (['keys', 'new', 'old', 'both', 'diff', 'model'] as const).map((images) =>
      render(event, { images }).map((line) => line.slice(26)),
    );
    expect(shown).toStrictEqual([[''], ['a 2'], ['a 1'], ['- a 1', '+ a 2'], ['a 1 → 2'], ['a 2']]);
  });

  it('aligns what follows the keys once wider keys came by', () => {
    const columns = initialColumns();
    const wide = render(makeChange({ keys: { Id: { N: '1000000' } }, newImage: { a: { N: '1' } } }), {
      columns,
    });
    const narrow = render(makeChange({ newImage: { a: { N: '1' } } }), { columns });
    expect(narrow[0]?.indexOf('a 1')).toBe(wide[0]?.indexOf('a 1'));
  });
});

describe('notices', () => {
  it('are one line each', () => {
    const view = { colors };
    expect([
      renderBatch(makeBatch({ records: 45 }), view),
      renderBatch(makeBatch({ filtered: 2, duplicates: 1, cause: 'roll', writeToSeenMs: 31 }), view),
      renderShard({ type: 'shard', shard: SHARD, state: 'opened', parent: 'shardId-1-aaaa' }, view),
      renderShard(
        { type: 'shard', shard: SHARD, state: 'closed', children: ['shardId-2-bb', 'shardId-3-cc'] },
        view,
      ),
      renderGap(
        { type: 'gap', shard: SHARD, lastSeen: '100', firstAvailable: '900', reason: 'trimmed' },
        view,
      ),
      renderRetry(
        {
          type: 'retry',
          operation: 'GetRecords',
          shard: SHARD,
          error: 'ThrottlingException',
          attempt: 2,
          delayMs: 400,
        },
        view,
      ),
      renderSwitch(
        { type: 'switch', from: STREAM_ARN, to: `${STREAM_ARN}1`, reason: 'the table was made again' },
        view,
      ),
      renderStall({ type: 'stall', shard: SHARD, sinceMs: 61_000 }, view),
    ]).toMatchInlineSnapshot(`
      [
        "· batch 1  45 records  shard …864758bb  fetch 12 ms  decode 0.3 ms  lag ≈ 950 ms",
        "· batch 1  1 record  2 records filtered out  1 duplicate  shard …864758bb  fetch 12 ms  decode 0.3 ms  lag ≈ 950 ms  write to seen 31 ms  (the shard rolled)",
        "+ shard …864758bb opened after …aaaa",
        "= shard …864758bb closed → …bb, …cc",
        "! gap in shard …864758bb: records after 100 up to 900 cannot be read any more (trimmed)",
        "~ GetRecords of shard …864758bb: ThrottlingException, attempt 2, again in 400 ms",
        "→ the stream is now 2026-11-23T11:27:49.0001 (was 2026-11-23T11:27:49.000): the table was made again",
        "! shard …864758bb could not be read for 1 min 1 s",
      ]
    `);
  });
});
