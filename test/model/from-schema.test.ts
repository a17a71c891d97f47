import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  decodeRecord,
  fromSchema,
  type Infer,
  type Model,
  type StandardSchema,
} from '../../src/model/index.js';
import { lambdaRecord } from './fixtures/records.js';

type Sample = { Id: number; Message: string };

const schemas: [string, Model<Sample>][] = [
  ['zod', fromSchema(z.object({ Id: z.int(), Message: z.string().min(3) }))],
  [
    'valibot',
    fromSchema(
      v.object({ Id: v.pipe(v.number(), v.integer()), Message: v.pipe(v.string(), v.minLength(3)) }),
    ),
  ],
  ['arktype', fromSchema(type({ '+': 'delete', Id: 'number.integer', Message: 'string >= 3' }))],
];

describe.each(schemas)('fromSchema with %s', (vendor, model) => {
  it('decodes and validates', () => {
    expect(model.name).toBe(`${vendor} schema`);
    expect(decodeRecord(lambdaRecord(), model).model).toStrictEqual({
      Id: 101,
      Message: 'Item 101 has changed',
    });
  });

  it('gives each issue with its path and what was there', () => {
    const result = model.decode({ Id: { S: 'x' }, Message: { S: 'm' } });
    expect(result.ok ? [] : result.issues).toStrictEqual([
      { path: ['Id'], code: 'custom', expected: expect.any(String), received: '"x"' },
      { path: ['Message'], code: 'custom', expected: expect.any(String), received: '"m"' },
    ]);
    expect(model.decode({ Id: { N: '1' } })).toMatchObject({ ok: false, issues: [{ path: ['Message'] }] });
  });

  it('does not show a schema what is no image', () => {
    expect(model.decode({ Id: { X: 1 }, Message: { S: 'long' } })).toStrictEqual({
      ok: false,
      issues: [{ path: ['Id'], code: 'type', expected: 'an attribute value', received: 'X 1' }],
    });
    expect(model.decode(null).ok).toBe(false);
  });
});

describe('fromSchema', () => {
  it('takes what the specification calls a Standard Schema, and infers its output', () => {
    expectTypeOf<StandardSchemaV1<unknown, Sample>>().toExtend<StandardSchema<Sample>>();
    const model = fromSchema(z.object({ Id: z.number().transform((id) => BigInt(id)) }), { name: 'Big' });
    expectTypeOf<Infer<typeof model>>().toEqualTypeOf<{ Id: bigint }>();
    expect([model.name, model.parse({ Id: { N: '5' } })]).toStrictEqual(['Big', { Id: 5n }]);
  });

  it('gives sets and bytes as validators know them', () => {
    const model = fromSchema(z.object({ Tags: z.set(z.string()), Blob: z.instanceof(Uint8Array) }));
    expect(model.decode({ Tags: { SS: ['a'] }, Blob: { B: 'AQI=' } }).ok).toBe(true);
  });

  it('refuses an asynchronous schema when the model is made', () => {
    expect(() => fromSchema(v.objectAsync({ Id: v.number() }))).toThrow('validates asynchronously');
    expect(() => fromSchema(z.object({}).refine(async () => true))).toThrow('validates asynchronously');
    // @ts-expect-error: no schema at all
    expect(() => fromSchema({})).toThrow('takes a Standard Schema');
  });

  it('names an asynchronous check that shows only with an item', () => {
    const model = fromSchema(z.object({ Id: z.number().refine(async () => true) }));
    expect(model.decode({ Id: { N: '1' } })).toStrictEqual({
      ok: false,
      issues: [
        {
          path: [],
          code: 'async',
          expected: 'a schema that validates synchronously and does not throw',
          received: 'a promise',
        },
      ],
    });
  });

  it('turns a throw of the schema’s own code into an issue', () => {
    const model = fromSchema({
      '~standard': {
        version: 1,
        vendor: 'broken',
        validate: () => {
          throw new Error('oops');
        },
      },
    });
    expect(model.decode({ Id: { N: '1' } })).toStrictEqual({
      ok: false,
      issues: [{ path: [], code: 'custom', expected: 'broken schema to validate', received: 'oops' }],
    });
  });
});
