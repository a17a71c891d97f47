import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import { decodeImage, type Model, StringSet, sampleModel, toPlainJson } from '../../../src/model/index.js';
import { jsonLine } from '../../../src/ui/tail/json-lines.js';
import { rawLine } from '../../../src/ui/tail/raw-line.js';
import { compileTemplate } from '../../../src/ui/tail/template.js';
import {
  makeBatch,
  makeChange,
  makeEnd,
  makeStart,
  type RecordParts,
  SHARD,
  STREAM_ARN,
  sampleImage,
} from './make-events.js';

describe('jsonLine', () => {
  it('writes a change with everything that is known of it', () => {
    const event = makeChange({ newImage: sampleImage(42) }, sampleModel);
    expect(JSON.parse(jsonLine(event))).toStrictEqual({
      type: 'change',
      event: 'INSERT',
      keys: { Id: 42 },
      new: { Id: 42, Message: 'A message for Id 42', EntityType: 'Message' },
      model: { id: 42, entityType: 'Message', message: 'A message for Id 42' },
      modelName: 'SampleModel',
      seq: '100',
      shard: SHARD,
      eventId: 'event-100',
      at: Date.UTC(2026, 10, 23, 14, 3, 7),
      batch: 1,
    });
  });

  it('keeps who removed an item, and the old image', () => {
    const event = makeChange({ event: 'REMOVE', oldImage: sampleImage(42), ttl: true });
    expect(JSON.parse(jsonLine(event))).toMatchObject({
      event: 'REMOVE',
      old: { Id: 42 },
      ttl: true,
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
  });

  it('says when a change may have been shown before', () => {
    const event = { ...makeChange(), maybeRepeated: true } as const;
    expect(JSON.parse(jsonLine(event)).maybeRepeated).toBe(true);
    expect(JSON.parse(jsonLine(makeChange())).maybeRepeated).toBeUndefined();
  });

  it('names the issues of a record that cannot be decoded', () => {
    const event = makeChange({ newImage: { Id: { N: '42' } } }, sampleModel);
    const line = JSON.parse(jsonLine(event));
    expect(line.issues).toHaveLength(2);
    expect(line.model).toBeUndefined();
    expect(line.new).toStrictEqual({ Id: 42 });
  });

  it('writes images in plain JSON form, whatever they hold', () => {
    const newImage = {
      big: { N: '12345678901234567890.123' },
      bytes: { B: 'AQI=' },
      set: { SS: ['a'] },
      quote: { S: '"\u2028\\\n' },
      ...JSON.parse('{"__proto__":{"S":"x"}}'),
    };
    const line = JSON.parse(jsonLine(makeChange({ newImage })));
    expect(JSON.stringify(line.new)).toBe(JSON.stringify(toPlainJson(newImage)));
  });

  it('writes model values that JSON has no word for', () => {
    const value = {
      big: 2n ** 64n,
      decimal: decodeImage({ n: { N: '0.1234567890123456789012' } }).n,
      bytes: Uint8Array.from([1, 2]),
      at: new Date(0),
      tags: new StringSet(['a']),
      nothing: undefined,
    };
    const model: Model = { name: 'Any', decode: () => ({ ok: true, value }), parse: () => value };
    expect(JSON.parse(jsonLine(makeChange({ newImage: {} }, model))).model).toStrictEqual({
      big: { $N: '18446744073709551616' },
      decimal: { $N: '0.1234567890123456789012' },
      bytes: { $B: 'AQI=' },
      at: '1970-01-01T00:00:00.000Z',
      tags: { $SS: ['a'] },
    });
  });

  it('leaves out what was not asked for', () => {
    const event = makeChange({ event: 'MODIFY', oldImage: { a: { N: '1' } }, newImage: { a: { N: '2' } } });
    const parts = (images: Parameters<typeof jsonLine>[1]): string[] =>
      Object.keys(JSON.parse(jsonLine(event, images))).filter((name) =>
        ['new', 'old', 'model', 'changes'].includes(name),
      );
    expect([parts('keys'), parts('new'), parts('old'), parts('both'), parts(undefined)]).toStrictEqual([
      [],
      ['new'],
      ['old'],
      ['new', 'old'],
      ['new', 'old'],
    ]);
    expect(JSON.parse(jsonLine(event, 'diff')).changes).toStrictEqual([
      { kind: 'changed', path: ['a'], old: 1, new: 2 },
    ]);
  });

  it('gives the image where a diff has no pair to compare, and no empty list of changes', () => {
    const [before, after] = [{ a: { N: '1' } }, { a: { N: '2' } }];
    const shown = (parts: RecordParts) => {
      const { new: next, old, changes } = JSON.parse(jsonLine(makeChange(parts), 'diff'));
      return { next, old, changes };
    };
    expect([
      shown({ event: 'INSERT', newImage: after }),
      shown({ event: 'REMOVE', oldImage: before }),
      shown({ event: 'MODIFY', newImage: after }),
      shown({ event: 'MODIFY' }),
      shown({ event: 'MODIFY', oldImage: before, newImage: before }),
    ]).toStrictEqual([
      { next: { a: 2 }, old: undefined, changes: undefined },
      { next: undefined, old: { a: 1 }, changes: undefined },
      { next: { a: 2 }, old: undefined, changes: undefined },
      { next: undefined, old: undefined, changes: undefined },
      { next: undefined, old: undefined, changes: [] },
    ]);
  });

  it('writes the other events as they are, milliseconds to the microsecond', () => {
    expect(JSON.parse(jsonLine(makeBatch()))).toStrictEqual({ ...makeBatch(), decodeMs: 0.312 });
    expect(JSON.parse(jsonLine(makeStart()))).toStrictEqual(makeStart());
    expect(JSON.parse(jsonLine(makeEnd()))).toStrictEqual(makeEnd());
  });
});

describe('rawLine', () => {
  it("gives the record in Lambda's shape", () => {
    const event = makeChange({ event: 'REMOVE', ttl: true });
    const record = {
      ...event.record,
      dynamodb: {
        ApproximateCreationDateTime: new Date(1000),
        Keys: { Id: { B: Uint8Array.from([1, 2]) }, Other: { B: Buffer.from([3]) } },
      },
    };
    expect(JSON.parse(rawLine({ ...event, record }))).toMatchObject({
      eventName: 'REMOVE',
      eventSourceARN: STREAM_ARN,
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { ApproximateCreationDateTime: 1, Keys: { Id: { B: 'AQI=' }, Other: { B: 'Aw==' } } },
    });
  });
});

describe('compileTemplate', () => {
  const view = { utc: true };

  it('fills in fields and paths', () => {
    const event = makeChange({ newImage: { ...sampleImage(42), l: { L: [{ S: 'x' }] } } }, sampleModel);
    expect(
      compileTemplate(
        '{{at}} {{event}} {{ model.id }} {{new.l.0}} {{keys}} {{ttl}}|{{new.none.x}}|\\t{{batch}}',
      )(event, view),
    ).toBe('2026-11-23 14:03:07Z INSERT 42 x {Id 42} false||\t1');
  });

  it('never lets control characters of data through', () => {
    const event = makeChange({ newImage: { m: { S: '\u001b[2J\n' } } });
    expect(compileTemplate('{{new.m}}')(event, view)).toBe('\\u001b[2J\\n');
  });

  it.each([['{{nonsense}}'], ['{{'], ['{{event} }'], ['{{constructor}}']])('refuses %s', (text) => {
    expect(() => compileTemplate(text)).toThrow(CliError);
  });
});

it('shows the image in place of a model that there is not, where the model was chosen', () => {
  const inserted = JSON.parse(jsonLine(makeChange({ newImage: { Id: { N: '1' } } }), 'model'));
  expect(inserted).toMatchObject({ new: { Id: 1 } });
  const removed = JSON.parse(
    jsonLine(makeChange({ event: 'REMOVE', oldImage: { Id: { N: '1' } } }), 'model'),
  );
  expect(removed).toMatchObject({ old: { Id: 1 } });
  const both = { newImage: sampleImage(1), oldImage: sampleImage(2) };
  expect(JSON.parse(jsonLine(makeChange(both), 'model')).old).toBeUndefined();
  expect(JSON.parse(jsonLine(makeChange(both, sampleModel), 'model')).new).toBeUndefined();
});
