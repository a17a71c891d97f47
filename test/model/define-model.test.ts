import fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { generateReader } from '../../src/model/compile.js';
import { FAILED, type Wire } from '../../src/model/field.js';
import {
  bigint,
  binary,
  binarySet,
  boolean,
  decimal,
  defineModel,
  encodeImage,
  enumOf,
  epochMillis,
  epochSeconds,
  type Field,
  type Infer,
  int32,
  integer,
  isoDate,
  jsonText,
  lenient,
  listOf,
  literal,
  ModelError,
  mapOf,
  number,
  numberSet,
  object,
  type SampleModel,
  sampleModel,
  string,
  stringSet,
  unknown,
} from '../../src/model/index.js';
import { objectEntries, readObject } from '../../src/model/object.js';
import { attributeValues } from './fixtures/arbitraries.js';

const address = { street: string('Street'), zip: string('Zip').optional() };

const everything = {
  text: string('Text'),
  small: int32(),
  safe: integer(),
  big: bigint(),
  double: number(),
  amount: decimal(),
  flag: boolean(),
  blob: binary(),
  tags: stringSet('Tags'),
  scores: numberSet(),
  blobs: binarySet(),
  lines: listOf(int32().nullable()),
  counts: mapOf(int32()),
  address: object(address, 'Address'),
  payload: jsonText<{ a: number }>(),
  day: isoDate(),
  expires: epochSeconds(),
  stamp: epochMillis(),
  kind: literal('Order'),
  status: enumOf(['new', 'paid']),
  level: enumOf([1, 2, 3]),
  rest: unknown(),
  note: string().optional(),
  parent: string('Parent').nullable(),
  retries: int32('Retries').default(3),
};

const image = {
  ...encodeImage({
    Text: 'hello',
    small: -2147483648,
    safe: 9007199254740991,
    big: 123456789012345678901234567890n,
    double: 0.1,
    flag: true,
    blob: new Uint8Array([1, 2]),
    Tags: new Set(['a', 'b']),
    scores: new Set([1, 2.5]),
    blobs: new Set([new Uint8Array([3])]),
    lines: [1, null, 3],
    counts: { a: 1, b: 3 },
    Address: { Street: 'Main' },
    payload: '{"a":1}',
    day: '2024-02-29',
    expires: 1700000000,
    stamp: 1700000000123,
    kind: 'Order',
    status: 'paid',
    level: 2,
    rest: { anything: [1, 'a', null] },
    Parent: null,
  }),
  amount: { N: '12345678901234567890.12' },
};

describe('defineModel', () => {
  it('reads every kind', () => {
    expect(defineModel(everything).parse(image)).toEqual({
      text: 'hello',
      small: -2147483648,
      safe: 9007199254740991,
      big: 123456789012345678901234567890n,
      double: 0.1,
      amount: '12345678901234567890.12',
      flag: true,
      blob: new Uint8Array([1, 2]),
      tags: new Set(['a', 'b']),
      scores: new Set([1, 2.5]),
      blobs: new Set([new Uint8Array([3])]),
      lines: [1, null, 3],
      counts: { a: 1, b: 3 },
      address: { street: 'Main' },
      payload: { a: 1 },
      day: new Date('2024-02-29T00:00:00Z'),
      expires: new Date(1700000000_000),
      stamp: new Date(1700000000123),
      kind: 'Order',
      status: 'paid',
      level: 2,
      rest: { anything: [1, 'a', null] },
      parent: null,
      retries: 3,
    });
  });

  it('infers the type of its values', () => {
    const model = defineModel(everything);
    type Value = Infer<typeof model>;
    expectTypeOf<SampleModel>().toEqualTypeOf<{ id: number; entityType: string; message: string }>();
    expectTypeOf<Value['small']>().toEqualTypeOf<number>();
    expectTypeOf<Value['big']>().toEqualTypeOf<bigint>();
    expectTypeOf<Value['lines']>().toEqualTypeOf<(number | null)[]>();
    expectTypeOf<Value['counts']>().toEqualTypeOf<Record<string, number>>();
    expectTypeOf<Value['address']>().toEqualTypeOf<{ street: string; zip?: string }>();
    expectTypeOf<Value['status']>().toEqualTypeOf<'new' | 'paid'>();
    expectTypeOf<Value['kind']>().toEqualTypeOf<'Order'>();
    expectTypeOf<Value['parent']>().toEqualTypeOf<string | null>();
    expectTypeOf<Value['retries']>().toEqualTypeOf<number>();
    expectTypeOf<Value>().toHaveProperty('note');
    expectTypeOf<{ text: string }>().not.toExtend<Pick<Value, 'parent'>>();
    expectTypeOf<Record<never, never>>().toExtend<Pick<Value, 'note'>>();
  });

  it('lists every issue with its path, and takes nothing for another type', () => {
    const model = defineModel({
      id: int32('Id'),
      name: string('Name'),
      lines: listOf(object({ price: number('Price') }), 'Lines'),
      counts: mapOf(int32(), 'Counts'),
      address: object(address, 'Address'),
      status: enumOf(['new', 'paid'], 'Status'),
      parent: string('Parent'),
      big: number('Big'),
    });
    const result = model.decode({
      Id: { N: '2147483648' },
      Lines: { L: [{ M: { Price: { N: '1' } } }, { M: { Price: { S: 'free' } } }, { S: 'x' }, 5] },
      Counts: { M: { a: { N: '1' }, b: { N: 'x' } } },
      Address: { M: {} },
      Status: { S: 'lost' },
      Parent: { NULL: true },
      Big: { N: '9007199254740993' },
    });
    expect(result).toStrictEqual({
      ok: false,
      issues: [
        { path: ['Id'], code: 'range', expected: 'N (32-bit integer)', received: 'N "2147483648"' },
        { path: ['Name'], code: 'missing', expected: 'S', received: 'nothing' },
        {
          path: ['Lines', 1, 'Price'],
          code: 'type',
          expected: 'N (a number that a double holds)',
          received: 'S "free"',
        },
        { path: ['Lines', 2], code: 'type', expected: 'M', received: 'S "x"' },
        { path: ['Lines', 3], code: 'type', expected: 'M', received: '5' },
        { path: ['Counts', 'b'], code: 'parse', expected: 'N (32-bit integer)', received: 'N "x"' },
        { path: ['Address', 'Street'], code: 'missing', expected: 'S', received: 'nothing' },
        { path: ['Status'], code: 'range', expected: 'S "new" | "paid"', received: 'S "lost"' },
        { path: ['Parent'], code: 'type', expected: 'S', received: 'NULL' },
        {
          path: ['Big'],
          code: 'range',
          expected: 'N (a number that a double holds)',
          received: 'N "9007199254740993"',
        },
      ],
    });
  });

  it('throws an error that lists the issues, where asked to', () => {
    expect(() => sampleModel.parse({ Id: { S: '1' }, Message: { S: 'm' } })).toThrow(ModelError);
    expect(() => sampleModel.parse({ Id: { S: '1' }, Message: { S: 'm' } })).toThrow(
      'the image does not fit SampleModel:\n' +
        '  Id: expected N (32-bit integer), received S "1"\n' +
        '  EntityType: missing, expected S',
    );
    expect(() => sampleModel.parse(null)).toThrow('expected an image, received null');
  });

  it('keeps absent, NULL and default apart', () => {
    const model = defineModel({
      a: string('A').optional(),
      b: string('B').nullable(),
      c: string('C').nullable().optional(),
      d: listOf(string(), 'D').default(() => []),
    });
    expect(model.parse({ B: { NULL: true } })).toStrictEqual({ b: null, d: [] });
    expect(model.parse({ A: { S: 'a' }, B: { S: 'b' }, C: { NULL: true }, D: { L: [] } })).toStrictEqual({
      a: 'a',
      b: 'b',
      c: null,
      d: [],
    });
    expect(model.decode({ A: { NULL: true }, D: { S: '' } })).toStrictEqual({
      ok: false,
      issues: [
        { path: ['A'], code: 'type', expected: 'S', received: 'NULL' },
        { path: ['B'], code: 'missing', expected: 'S', received: 'nothing' },
        { path: ['D'], code: 'type', expected: 'L of S', received: 'S ""' },
      ],
    });
  });

  it('reads attributes whose names every object inherits', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const;
    for (const name of names) {
      const required = defineModel(Object.fromEntries([[name, string()]]));
      const optional = defineModel(Object.fromEntries([[name, string().optional()]]));
      const own = Object.fromEntries([[name, { S: 'x' }]]);
      expect(Object.entries(required.parse(own))).toStrictEqual([[name, 'x']]);
      expect(Object.getPrototypeOf(required.parse(own))).toBe(Object.prototype);
      expect(Object.entries(optional.parse(own))).toStrictEqual([[name, 'x']]);
      expect(Object.entries(optional.parse({}))).toStrictEqual([]);
      expect(required.decode({})).toStrictEqual({
        ok: false,
        issues: [{ path: [name], code: 'missing', expected: 'S', received: 'nothing' }],
      });
    }
  });

  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-01-31T23:59:59Z', '2024-01-31T23:59:59.000Z'],
    ['2024-01-31T10:00:00.1234567Z', '2024-01-31T10:00:00.123Z'],
    ['2024-01-31T10:00:00+02:00', '2024-01-31T08:00:00.000Z'],
    ['2024-01-31T10:00+0200', '2024-01-31T08:00:00.000Z'],
  ])('reads the ISO date %s', (text, iso) => {
    expect(
      defineModel({ at: isoDate() })
        .parse({ at: { S: text } })
        .at.toISOString(),
    ).toBe(iso);
  });

  it.each([
    '2023-02-29',
    '2024-04-31T00:00:00Z',
    '2024-01-31T10:00:00',
    '31.1.2024',
    '2024',
    '',
    '2024-13-01',
  ])('refuses %j as an ISO date', (text) => {
    expect(defineModel({ at: isoDate() }).decode({ at: { S: text } })).toStrictEqual({
      ok: false,
      issues: [
        { path: ['at'], code: 'parse', expected: 'S (ISO 8601 date)', received: `S ${JSON.stringify(text)}` },
      ],
    });
  });

  it('refuses an enum of mixed types when the model is defined', () => {
    expect(() => enumOf(['a', 1])).toThrow('one type');
  });
});

describe('lenient', () => {
  it('gives the reference’s defaults for what is missing, of another type or not parsable', () => {
    const model = lenient(sampleModel);
    expect(model.parse({})).toStrictEqual({ id: 0, entityType: '', message: '' });
    expect(model.parse({ Id: { S: '1' }, Message: { N: '5' }, EntityType: { S: 'Message' } })).toStrictEqual({
      id: 0,
      entityType: 'Message',
      message: '',
    });
    expect(model.parse({ Id: { N: '5000000000' }, Message: null, EntityType: 7 })).toStrictEqual({
      id: 0,
      entityType: '',
      message: '',
    });
  });

  it('has a zero for every kind, and keeps what is right in nested values', () => {
    const model = lenient(defineModel(everything));
    expect(model.parse({})).toEqual({
      text: '',
      small: 0,
      safe: 0,
      big: 0n,
      double: 0,
      amount: '0',
      flag: false,
      blob: new Uint8Array(),
      tags: new Set(),
      scores: new Set(),
      blobs: new Set(),
      lines: [],
      counts: {},
      address: { street: '' },
      payload: null,
      day: new Date(0),
      expires: new Date(0),
      stamp: new Date(0),
      kind: 'Order',
      status: 'new',
      level: 1,
      rest: null,
      parent: '',
      retries: 3,
    });
    const nested = {
      lines: { L: [{ N: '1' }, { S: 'x' }, { NULL: true }] },
      Address: { M: { Zip: { S: '1' } } },
    };
    expect(model.parse(nested)).toMatchObject({ lines: [1, 0, null], address: { street: '', zip: '1' } });
  });
});

describe('generated readers', () => {
  const names = fc.constantFrom(
    'Text',
    'small',
    'lines',
    'Address',
    'Parent',
    'note',
    'constructor',
    '__proto__',
  );
  const anything = fc.oneof(attributeValues, fc.jsonValue());

  const fieldsOf: fc.Arbitrary<Field<unknown, boolean>> = fc.constantFrom<Field<unknown, boolean>>(
    ...Object.values(everything),
    string().optional().nullable(),
    int32().default(1),
    listOf(string()).nullable(),
  );

  it('read what the loop over fields reads', () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, fieldsOf),
        fc.array(fc.tuple(names, anything)),
        fc.boolean(),
        (fields, attributes, whole) => {
          const entries = objectEntries(fields);
          const map = { ...(whole ? image : {}), ...Object.fromEntries(attributes) } as Wire;
          const read = generateReader(entries);
          // Inherited names are left to the loop.
          expect(read === undefined).toBe(
            entries.some(({ attribute, property }) => attribute in {} || property === '__proto__'),
          );
          if (read === undefined) return;
          const expected = readObject(entries, map);
          const value = read(map);
          expect(value === FAILED).toBe(expected === FAILED);
          if (expected !== FAILED) {
            expect(Object.entries(value as object)).toStrictEqual(Object.entries(expected as object));
          }
        },
      ),
    );
  });

  it('are not needed: a runtime that makes no functions from text reads the same', () => {
    vi.stubGlobal('Function', () => {
      throw new EvalError('Code generation from strings disallowed for this context');
    });
    try {
      const model = defineModel(everything);
      expect(generateReader(model.entries)).toBeUndefined();
      vi.unstubAllGlobals();
      expect(model.parse(image)).toEqual(defineModel(everything).parse(image));
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('never throw, and give issues exactly when they give no value', () => {
    const model = defineModel(everything);
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(names, anything), (json, map) => {
        for (const candidate of [json, map, { ...image, ...map }]) {
          const result = model.decode(candidate);
          if (!result.ok) expect(result.issues.length).toBeGreaterThan(0);
          expect(lenient(model).decode(map).ok).toBe(true);
        }
      }),
    );
  });
});
