import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  bigint,
  decimal,
  decodeRecord,
  defineModel,
  int32,
  type Model,
  number,
  oneOf,
  sampleModel,
  string,
  stringSet,
} from '../../../src/model/index.js';
import type { AttributeMap, StreamRecord } from '../../../src/model/wire.js';
import type { ReadPage } from '../../../src/stream/records/read-page.js';
import { parsedRecords, type RecordList } from '../../../src/stream/records/record-list.js';
import { scanPage } from '../../../src/stream/records/scan-page.js';
import { createLineEncoder } from '../../../src/ui/tail/encode-lines.js';
import { jsonLine } from '../../../src/ui/tail/json-lines.js';
import { IMAGES_MODES, type ImagesMode } from '../../../src/ui/tail/view.js';
import { asLambda, images, numberTexts } from '../../model/fixtures/arbitraries.js';
import { makeRecord, SHARD, STREAM_ARN, sampleImage } from './make-events.js';

function pageOf(records: RecordList): ReadPage {
  return {
    shard: SHARD,
    streamArn: STREAM_ARN,
    records,
    duplicates: 0,
    skipped: 0,
    last: undefined,
    fetchMs: 1,
    lagMs: 0,
    release() {},
  };
}

function rawPage(records: readonly StreamRecord[]): ReadPage {
  return pageOf(
    scanPage(Buffer.from(JSON.stringify({ Records: records })))?.records ?? expect.fail('refused'),
  );
}

interface Choice {
  readonly model?: Model | undefined;
  readonly images?: ImagesMode | undefined;
}

function encode(page: ReadPage, { model, images }: Choice = {}, most = Number.POSITIVE_INFINITY) {
  return createLineEncoder({ model, images })(page, { batch: 7, most });
}

function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString();
  if (text === '') return [];
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

function expectSameLines(records: readonly StreamRecord[], choice: Choice): void {
  const wire = JSON.parse(JSON.stringify(records)) as StreamRecord[];
  const expected = wire.map((record) => {
    const change = decodeRecord(record, choice.model);
    return jsonLine(
      { type: 'change', change, record, shard: SHARD, streamArn: STREAM_ARN, batch: 7 },
      choice.images,
    );
  });
  const { bytes, lines, undecodable } = encode(rawPage(records), choice);
  expect(linesOf(bytes)).toStrictEqual(expected);
  expect(lines).toBe(records.length);
  expect(undecodable).toBe(wire.filter((record) => decodeRecord(record, choice.model).issues).length);
}

const wireImages = images.map(asLambda);
/** The sample's attributes with values of every kind and size, some of them missing. */
const sampleLike: fc.Arbitrary<AttributeMap> = fc.record(
  {
    Id: fc.oneof(
      fc.integer({ min: -(2 ** 33), max: 2 ** 33 }).map((id) => ({ N: String(id) })),
      numberTexts.map((N) => ({ N })),
      fc.constantFrom({ N: '-0' }, { N: '007' }, { N: '2147483648' }, { S: '1' }),
    ),
    Message: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }).map((S) => ({ S })),
      fc.constant({ NULL: true }),
    ),
    EntityType: fc.constantFrom({ S: 'Message' }, { S: 'User' }, { S: 'a "quoted" \\ text' }),
    Amount: numberTexts.map((N) => ({ N })),
    Count: numberTexts.map((N) => ({ N })),
    Other: fc.constant({ L: [{ S: 'x' }] }),
  },
  { requiredKeys: [] },
);
const records: fc.Arbitrary<StreamRecord[]> = fc.array(
  fc
    .record(
      {
        event: fc.constantFrom('INSERT', 'MODIFY', 'REMOVE'),
        keys: wireImages,
        newImage: fc.oneof(wireImages, fc.nat().map(sampleImage), sampleLike),
        oldImage: fc.oneof(wireImages, fc.nat().map(sampleImage), sampleLike),
        seq: fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String),
        ttl: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    .map((parts) => makeRecord(parts as Parameters<typeof makeRecord>[0])),
  { maxLength: 4 },
);

const shouting: Model = {
  ...sampleModel,
  decode: () => ({ ok: true, value: { when: new Date(0), big: 2n ** 70n } }),
};
const failing: Model = {
  ...sampleModel,
  decode() {
    throw new Error('the model throws');
  },
};
const variants = oneOf('EntityType', {
  Message: defineModel({ id: int32('Id'), text: string('Message') }),
  User: defineModel({ id: int32('Id'), tags: stringSet('Tags').optional() }),
});
/** Reads what the sample's images have, and much that they lack, in ways that a line has no plain bytes for. */
const rich = defineModel({
  id: int32('Id'),
  same: bigint('Id').default(0n),
  text: string('Message').nullable(),
  exact: decimal('Amount').optional(),
  count: number('Count').default(7),
});
/** The same without two fields of one attribute: read from the bytes. */
const flat = defineModel({
  id: bigint('Id'),
  message: string('Message'),
  exact: decimal('Amount').optional(),
  count: number('Count').default(() => 7),
  note: string('Note').default('none'),
});
const odd = defineModel({ 12: string('Message'), $N: string('EntityType') });
const tag = defineModel({ $N: string('EntityType') });
const models: fc.Arbitrary<Model | undefined> = fc.constantFrom<(Model | undefined)[]>(
  undefined,
  sampleModel,
  rich,
  flat,
  odd,
  tag,
  shouting,
  failing,
  variants,
);

describe('lines from bytes', () => {
  it('are the lines of the changes, whatever is in the records, the model and the choice of images', () => {
    fc.assert(
      fc.property(records, models, fc.constantFrom(undefined, ...IMAGES_MODES), (list, model, images) => {
        expectSameLines(list, { model, images });
      }),
      { numRuns: 2_000 },
    );
  });

  it('name the issues of what cannot be decoded, and count it', () => {
    const { bytes, undecodable } = encode(
      rawPage([
        makeRecord({ newImage: { Id: { N: 'one' } } }),
        makeRecord({ newImage: sampleImage(2), seq: '101' }),
      ]),
    );
    const [bad = '', good = ''] = linesOf(bytes);
    expect(JSON.parse(bad)).toMatchObject({ seq: '100', issues: [{ path: ['Id'] }] });
    expect(JSON.parse(good)).toMatchObject({ new: { Id: 2 } });
    expect(undecodable).toBe(1);
  });

  it('are the same of records that are parsed already', () => {
    const list = [
      makeRecord({ newImage: sampleImage(1) }),
      makeRecord({ newImage: sampleImage(2), seq: '101' }),
    ];
    const raw = Buffer.from(encode(rawPage(list), { model: sampleModel }).bytes).toString();
    const parsed = Buffer.from(encode(pageOf(parsedRecords(list)), { model: sampleModel }).bytes).toString();
    expect(raw).toBe(parsed);
  });

  it('of a model that reads flat are made without parsing an image', () => {
    const list = [makeRecord({ newImage: sampleImage(1), oldImage: sampleImage(2) })];
    const parse = vi.spyOn(JSON, 'parse');
    const page = rawPage(list);
    parse.mockClear();
    const { bytes } = encode(page, { model: sampleModel });
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(JSON.parse(linesOf(bytes)[0] ?? '')).toMatchObject({ model: { id: 1 }, oldModel: { id: 2 } });
  });

  it('end at the limit, and account for no more', () => {
    const list = [1, 2, 3].map((id) => makeRecord({ newImage: sampleImage(id), seq: String(100 + id) }));
    const { bytes, lines } = encode(rawPage(list), {}, 2);
    expect(linesOf(bytes)).toHaveLength(2);
    expect(lines).toBe(2);
    expect(encode(rawPage([]), {}).bytes).toHaveLength(0);
  });

  it('tell when the oldest seeded item was sent, with a model or without', () => {
    const list = [5_000, 3_000, 4_000].map((ms) =>
      makeRecord({ newImage: { ...sampleImage(1), SeededAt: { N: String(ms) } } }),
    );
    expect(encode(rawPage(list)).sentAt).toBe(3_000);
    expect(encode(rawPage(list), { model: sampleModel }).sentAt).toBe(3_000);
    expect(encode(pageOf(parsedRecords(list))).sentAt).toBe(3_000);
    const nested = makeRecord({ newImage: { a: { M: { SeededAt: { N: '1' } } } } });
    expect(encode(rawPage([nested])).sentAt).toBeUndefined();
  });

  it('keep apart from page to page, also when the buffer has to grow', () => {
    const encoder = createLineEncoder({ model: sampleModel, images: undefined });
    const large = { ...sampleImage(1), Message: { S: 'é'.repeat(900_000) } };
    const first = encoder(rawPage([makeRecord({ newImage: sampleImage(1) })]), { batch: 1, most: 9 });
    const before = linesOf(first.bytes);
    const second = linesOf(encoder(rawPage([makeRecord({ newImage: large })]), { batch: 2, most: 9 }).bytes);
    expect(JSON.parse(second[0] ?? '')).toMatchObject({ batch: 2, model: { message: large.Message.S } });
    const third = encoder(rawPage([makeRecord({ newImage: sampleImage(1) })]), { batch: 1, most: 9 });
    expect(linesOf(third.bytes)).toStrictEqual(before);
  });
});
