import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as library from '../../../src/model/index.js';
import {
  type AttributeMap,
  encodeImage,
  inferModel,
  type Model,
  renderModelFile,
} from '../../../src/model/index.js';
import { images } from '../fixtures/arbitraries.js';

/** The default export of a rendered model file. */
function load(source: string): Model {
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' });
  const module: { exports: { default?: Model } } = { exports: {} };
  const require = (name: string): unknown => (name === 'ddbcdc' ? library : undefined);
  new Function('module', 'exports', 'require', code)(module, module.exports, require);
  if (module.exports.default === undefined) throw new Error('no default export');
  return module.exports.default;
}

function sampleItems(count: number): AttributeMap[] {
  return Array.from({ length: count }, (_, id) =>
    encodeImage({ Id: id, Message: `A message for Id ${id}`, EntityType: 'Message' }),
  );
}

describe('inferModel', () => {
  it('finds the reference’s model in its items', () => {
    expect(
      renderModelFile(inferModel(sampleItems(10)), { table: 'SampleStreamTable' }),
    ).toMatchInlineSnapshot(`
      "// Inferred from 10 items of SampleStreamTable. Check what is optional and how large numbers get, then make it yours.
      import { defineModel, type Infer, int32, string } from 'ddbcdc';

      const model = defineModel(
        {
          id: int32('Id'),
          message: string('Message'),
          entityType: string('EntityType'),
        },
        { name: 'SampleStreamTable' },
      );

      export type Model = Infer<typeof model>;

      export default model;
      "
    `);
  });

  it('reads kinds, optional and nullable attributes', () => {
    const items = [
      encodeImage({
        PK: 'ORDER#1',
        total: 12.5,
        createdAt: '2024-05-01T10:00:00Z',
        expires_at: 1714557600,
        updatedStamp: 1714557600000,
        quantity: 3,
        visits: 5_000_000_000,
        big: 12345678901234567890n,
        tags: new Set(['a']),
        lines: [
          { sku: 'A', price: 1 },
          { sku: 'B', price: 2.5, note: null },
        ],
        address: { street: 'Main', zip: '1' },
        scores: { '2024-05-01': 1, '2024-05-02': 2 },
        payload: '{"a":1}',
        blob: new Uint8Array([1]),
        paid: true,
        mixed: 1,
        parent: null,
        empty: [],
        "it's": 'quoted',
      }),
      encodeImage({ PK: 'ORDER#2', total: 1, address: { street: 'Side' }, mixed: 'x', parent: 'p' }),
    ];
    expect(renderModelFile(inferModel(items))).toMatchInlineSnapshot(`
      "// Inferred from 2 items. Check what is optional and how large numbers get, then make it yours.
      import {
        bigint,
        binary,
        boolean,
        defineModel,
        epochMillis,
        epochSeconds,
        type Infer,
        int32,
        integer,
        isoDate,
        jsonText,
        listOf,
        mapOf,
        number,
        object,
        string,
        stringSet,
        unknown,
      } from 'ddbcdc';

      const model = defineModel({
        pk: string('PK'),
        total: number(),
        createdAt: isoDate().optional(),
        expiresAt: epochSeconds('expires_at').optional(),
        updatedStamp: epochMillis().optional(),
        quantity: int32().optional(),
        visits: integer().optional(),
        big: bigint().optional(),
        tags: stringSet().optional(),
        lines: listOf(object({
          sku: string(),
          price: number(),
          note: unknown().optional(),
        })).optional(),
        address: object({
          street: string(),
          zip: string().optional(),
        }),
        scores: mapOf(int32()).optional(),
        payload: jsonText().optional(),
        blob: binary().optional(),
        paid: boolean().optional(),
        mixed: unknown(),
        parent: string().nullable(),
        empty: listOf(unknown()).optional(),
        itS: string('it\\'s').optional(),
      });

      export type Model = Infer<typeof model>;

      export default model;
      "
    `);
  });

  it('finds entity types, and keeps what has none apart', () => {
    const items = [
      ...[1, 2, 3].map((id) => encodeImage({ pk: `u${id}`, entity_type: 'User', name: 'N', age: id })),
      ...[1, 2].map((id) => encodeImage({ pk: `o${id}`, entity_type: 'order-line', total: id, type: 'x' })),
      encodeImage({ pk: 'counter', value: 7 }),
    ];
    expect(renderModelFile(inferModel(items))).toMatchInlineSnapshot(`
      "// Inferred from 6 items. Check what is optional and how large numbers get, then make it yours.
      import { defineModel, type Infer, int32, literal, oneOf, string } from 'ddbcdc';

      export const userModel = defineModel(
        {
          pk: string(),
          entityType: literal('User', 'entity_type'),
          name: string(),
          age: int32(),
        },
        { name: 'User' },
      );

      export const orderLineModel = defineModel(
        {
          pk: string(),
          entityType: literal('order-line', 'entity_type'),
          total: int32(),
          type: string(),
        },
        { name: 'order-line' },
      );

      export const otherModel = defineModel(
        {
          pk: string(),
          value: int32(),
        },
        { name: 'Other' },
      );

      const model = oneOf('entity_type', {
        User: userModel,
        'order-line': orderLineModel,
      }, otherModel);

      export type Model = Infer<typeof model>;

      export default model;
      "
    `);
    const model = load(renderModelFile(inferModel(items)));
    expect(items.map((item) => model.variantOf?.(item))).toStrictEqual([
      'User',
      'User',
      'User',
      'order-line',
      'order-line',
      'Other',
    ]);
    expect(items.every((item) => model.decode(item).ok)).toBe(true);
  });

  it('takes a discriminator that it is told', () => {
    const items = ['a', 'b', 'c'].map((sort) => encodeImage({ sort, id: 1 }));
    expect(inferModel(items).discriminator).toBeUndefined();
    expect(inferModel(items, { discriminator: 'sort' }).entities.map(({ name }) => name)).toStrictEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('does not take text that hardly repeats for a type', () => {
    const items = Array.from({ length: 20 }, (_, id) => encodeImage({ id, type: `type ${id}` }));
    expect(inferModel(items).discriminator).toBeUndefined();
  });

  it('gives a model for no items, and leaves out what is no attribute value', () => {
    expect(load(renderModelFile(inferModel([]))).parse({})).toStrictEqual({});
    const odd = [{ a: { S: 'x' }, b: { X: 1 }, c: 5 } as unknown as AttributeMap];
    expect(inferModel(odd).entities).toStrictEqual([
      {
        items: 1,
        fields: [
          { attribute: 'a', property: 'a', optional: false, nullable: false, kind: { type: 'string' } },
        ],
      },
    ]);
  });

  it('writes a file that reads every item it was inferred from, whatever their names', () => {
    fc.assert(
      fc.property(
        fc.array(images, { maxLength: 5 }),
        fc.constantFrom(undefined, 'S', '__proto__'),
        (items, by) => {
          const description = inferModel(items, by === undefined ? {} : { discriminator: by });
          const model = load(renderModelFile(description, { table: '*/ "\n' }));
          for (const item of items) expect(model.decode(item)).toMatchObject({ ok: true });
        },
      ),
      { numRuns: 150 },
    );
  });
});
