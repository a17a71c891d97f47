import { Chalk } from 'chalk';
import fc from 'fast-check';
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
import { IMAGES_MODES, initialColumns, MAX_KEYS_WIDTH, type TailView } from '../../../src/ui/tail/view.js';
import { displayWidth } from '../../../src/ui/width.js';
import { makeBatch, makeChange, type RecordParts, SHARD, STREAM_ARN, sampleImage } from './make-events.js';

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

  it('lets a field of the model that repeats a key go first where not all fit', () => {
    const [line] = render(makeChange({ newImage: sampleImage(42) }, sampleModel), { width: 60 });
    expect(line).toBe('14:03:07Z  INSERT  Id=42  entityType "Message", +2 more');
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

  it('never writes a line that is wider than the terminal', () => {
    const key = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }).map((S) => ({ S })),
      fc.nat().map((n) => ({ N: String(n) })),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ B: Buffer.from(bytes).toString('base64') })),
    );
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    const parts = fc.record({
      event: fc.constantFrom('INSERT', 'MODIFY', 'REMOVE'),
      keys: fc.dictionary(name, key, { minKeys: 1, maxKeys: 2 }),
      newImage: fc.dictionary(name, key),
      oldImage: fc.dictionary(name, key),
      ttl: fc.boolean(),
      seq: fc.constantFrom('100', '4421584500000000017450439092'),
    });
    const images = fc.constantFrom(undefined, ...IMAGES_MODES);
    const model = fc.constantFrom(undefined, sampleModel);
    fc.assert(
      fc.property(parts, model, images, fc.integer({ min: 20, max: 200 }), (made, model, images, width) => {
        const event = { ...makeChange(made as RecordParts, model), maybeRepeated: true } as const;
        for (const line of render(event, { width, ...(images === undefined ? {} : { images }) })) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 300 },
    );
  });

  describe('keys', () => {
    const pk = { S: 'tenant#acme-corporation-international#region-eu-west-1' };
    const ofOrder = (number: number, parts: RecordParts = { newImage: sampleImage(1) }) =>
      makeChange({ ...parts, keys: { pk, sk: { S: `order#${number}` } } });

    it('are whole where the terminal has room', () => {
      for (const [images, width] of [
        ['new', 200],
        ['keys', 100],
      ] as const) {
        const [line] = render(ofOrder(1), { width, images });
        expect(line).toContain(`INSERT  pk="${pk.S}" sk="order#1"`);
      }
      const noImages = render(ofOrder(1, {}), { width: 100 });
      expect(noImages[0]).toContain(`pk="${pk.S}" sk="order#1"`);
    });

    it('give way in the middle of the longest, and have a line of their own on a narrow terminal', () => {
      expect(
        [80, 60, 40].flatMap((width) => render(ofOrder(17), { width, images: 'new' })),
      ).toMatchInlineSnapshot(`
        [
          "14:03:07Z  INSERT  pk="tenant#acme-corporati…nal#region-eu-west-1" sk="order#17"",
          "                   Id 1, Message "A message for Id 1", EntityType "Message"",
          "14:03:07Z  INSERT  pk="tenant#acme…-eu-west-1" sk="order#17"",
          "                   Id 1, Message "A message for Id…, +1 more",
          "14:03:07Z  INSERT  "tena…t-1" "order#17"",
          "                   Id 1, +2 more",
        ]
      `);
    });

    it('show binary keys to the last byte', () => {
      const bytes = Buffer.from(Array.from({ length: 20 }, (_, index) => index));
      const [line] = render(makeChange({ keys: { id: { B: bytes.toString('base64') } } }));
      expect(line).toContain(`id=<20 B ${bytes.toString('hex')}>`);
    });

    it('move the other columns no further than a limit', () => {
      const columns = initialColumns();
      render(ofOrder(1), { columns, width: 200 });
      const short = render(makeChange({ newImage: { a: { N: '1' } } }), { columns, width: 200 });
      expect(short[0]?.indexOf('a 1')).toBe('14:03:07Z  INSERT  '.length + MAX_KEYS_WIDTH + 2);
    });
  });

  it('shows an issue whole, on further lines where it is long, before the number', () => {
    const event = makeChange(
      {
        newImage: { Id: { S: 'a text of forty characters and then some more' }, Message: { S: 'x' } },
        seq: '4421584500000000017450439092',
      },
      sampleModel,
    );
    expect(render(event, { width: 50 })).toMatchInlineSnapshot(`
      [
        "14:03:07Z  INSERT  Id=42  Message "x"",
        "  ! Id: expected N (32-bit integer), received S "a",
        "    text of forty characters and then som…"",
        "    seq 4421584500000000017450439092",
        "  ! EntityType: missing, expected S",
      ]
    `);
    expect(render(event, { width: 120 })).toMatchInlineSnapshot(`
      [
        "14:03:07Z  INSERT  Id=42  Message "x"",
        "  ! Id: expected N (32-bit integer), received S "a text of forty characters and then som…"",
        "    seq 4421584500000000017450439092",
        "  ! EntityType: missing, expected S",
      ]
    `);
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

  describe('a diff', () => {
    const diff = (parts: RecordParts, width = 80): string =>
      render(makeChange(parts), { images: 'diff', width })
        .map((line) => line.slice(19))
        .join('\n');
    const image = { Id: { N: '42' }, status: { S: 'new' }, address: { M: { city: { S: 'Rome' } } } };

    it('shows what an insert added and a removal took', () => {
      expect([
        diff({ event: 'INSERT', newImage: image }),
        diff({ event: 'REMOVE', oldImage: image }),
        diff({ event: 'INSERT', newImage: { Id: { N: '42' } } }),
      ]).toStrictEqual([
        'Id=42  + status "new", + address {city "Rome"}',
        'Id=42  - status "new", - address {city "Rome"}',
        'Id=42',
      ]);
    });

    it('says which image the stream does not keep, and shows the other', () => {
      expect([
        diff({ event: 'MODIFY', newImage: image }),
        diff({ event: 'MODIFY', oldImage: image }),
        diff({ event: 'MODIFY', newImage: image }, 50),
        diff({ event: 'MODIFY' }),
        diff({ event: 'INSERT' }),
        diff({ event: 'REMOVE' }),
      ]).toStrictEqual([
        'Id=42  no old image · status "new", address {city "Rome"}',
        'Id=42  no new image · status "new", address {city "Rome"}',
        'Id=42  no old image',
        'Id=42  no images',
        'Id=42  no new image',
        'Id=42  no old image',
      ]);
    });

    it('says when nothing changed', () => {
      expect(diff({ event: 'MODIFY', oldImage: image, newImage: image })).toBe('Id=42  no attribute changed');
    });

    it('tells a name with a dot from a path', () => {
      const next = { ...image, 'a.b': { S: 'x' }, address: { M: { city: { S: 'Oslo' } } } };
      expect(diff({ event: 'MODIFY', oldImage: image, newImage: next })).toBe(
        'Id=42  address.city "Rome" → "Oslo", + "a.b" "x"',
      );
    });
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
  it('leave out of a batch what matters least, and never take two rows', () => {
    const event = makeBatch({
      batch: 107,
      records: 1000,
      filtered: 2,
      duplicates: 1,
      cause: 'backlog',
      writeToSeenMs: 31,
    });
    const lines = [120, 100, 80, 60, 50].map((width) => renderBatch(event, { colors, width }));
    expect(lines).toMatchInlineSnapshot(`
      [
        "· batch 107  1,000 records  2 filtered out  1 duplicate  shard …864758bb  lag ≈ 950 ms  (catching up)",
        "· batch 107  1,000 records  2 filtered out  1 duplicate  lag ≈ 950 ms  (catching up)",
        "· batch 107  1,000 records  2 filtered out  1 duplicate  lag ≈ 950 ms",
        "· batch 107  1,000 records  1 duplicate  lag ≈ 950 ms",
        "· batch 107  1,000 records  lag ≈ 950 ms",
      ]
    `);
    for (let width = 20; width < 130; width++) {
      expect(displayWidth(renderBatch(event, { colors, width }))).toBeLessThanOrEqual(width);
    }
  });

  it('are one line each', () => {
    const view = { colors, width: 160 };
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
        "· batch 1  1 record  2 filtered out  1 duplicate  shard …864758bb  fetch 12 ms  decode 0.3 ms  lag ≈ 950 ms  write to seen 31 ms  (the shard rolled)",
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
