import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, defineModel, sampleModel, string } from '../../src/model/index.js';
import { lambdaRecord, sdkRecord } from './fixtures/records.js';

const item = { Id: 101, Message: 'Item 101 has changed', EntityType: 'Message' };
const oldItem = { Id: 101, Message: 'New item!', EntityType: 'Message' };
const model = { id: 101, entityType: 'Message', message: 'Item 101 has changed' };

describe('decodeRecord', () => {
  it('gives the same change for both wire shapes', () => {
    const change = {
      event: 'MODIFY',
      keys: { Id: 101 },
      new: item,
      old: oldItem,
      model,
      oldModel: { ...model, message: 'New item!' },
      modelName: 'SampleModel',
      seq: '4421584500000000017450439092',
      eventId: 'c81e728d9d4c2f636f067f89cc14862c',
      at: 1428537600_000,
      ttl: false,
      sizeBytes: 59,
    };
    expect(decodeRecord(lambdaRecord(), sampleModel)).toStrictEqual(change);
    expect(decodeRecord(sdkRecord(), sampleModel)).toStrictEqual(change);
  });

  it('takes records without images as they are', () => {
    const { NewImage, OldImage, ...keysOnly } = lambdaRecord().dynamodb ?? {};
    const change = decodeRecord(lambdaRecord({ dynamodb: keysOnly }), sampleModel);
    expect(change).toStrictEqual({
      event: 'MODIFY',
      keys: { Id: 101 },
      seq: '4421584500000000017450439092',
      eventId: 'c81e728d9d4c2f636f067f89cc14862c',
      at: 1428537600_000,
      ttl: false,
      sizeBytes: 59,
    });
  });

  it.each([
    { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
  ])('tells a removal by time to live from a user’s: %o', (userIdentity) => {
    const { NewImage, ...removed } = lambdaRecord().dynamodb ?? {};
    const record = lambdaRecord({ eventName: 'REMOVE', userIdentity, dynamodb: removed });
    const change = decodeRecord(record, sampleModel);
    expect(change.ttl).toBe(true);
    expect(change.userIdentity).toStrictEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });
    expect(change.oldModel).toStrictEqual({ ...model, message: 'New item!' });
    expect('new' in change || 'model' in change || 'issues' in change).toBe(false);
    expect(decodeRecord({ ...record, userIdentity: undefined }).ttl).toBe(false);
    expect(decodeRecord({ ...record, eventName: 'MODIFY' }).ttl).toBe(false);
  });

  it('names every reason for which the new image does not fit', () => {
    const record = lambdaRecord();
    const change = decodeRecord(
      { ...record, dynamodb: { ...record.dynamodb, NewImage: { Id: { S: 'x' }, Message: { S: 'm' } } } },
      sampleModel,
    );
    expect(change.issues).toStrictEqual([
      { path: ['Id'], code: 'type', expected: 'N (32-bit integer)', received: 'S "x"' },
      { path: ['EntityType'], code: 'missing', expected: 'S', received: 'nothing' },
    ]);
    expect('model' in change).toBe(false);
    expect(change.new).toStrictEqual({ Id: 'x', Message: 'm' });
  });

  it('does not hold an old image against a model that came later', () => {
    const later = defineModel({ message: string('Message'), added: string('Added') });
    const record = lambdaRecord();
    const images = { ...record.dynamodb, NewImage: { Message: { S: 'a' }, Added: { S: 'b' } } };
    const change = decodeRecord({ ...record, dynamodb: images }, later);
    expect(change.model).toStrictEqual({ message: 'a', added: 'b' });
    expect('oldModel' in change || 'issues' in change).toBe(false);
    const removed = { ...record.dynamodb, NewImage: undefined };
    expect(decodeRecord({ ...record, eventName: 'REMOVE', dynamodb: removed }, later).issues).toStrictEqual([
      { path: ['Added'], code: 'missing', expected: 'S', received: 'nothing', part: 'old' },
    ]);
  });

  it('holds a throw of the user’s own code against the record alone', () => {
    const broken = defineModel({
      added: string('Added').default(() => {
        throw new Error('oops');
      }),
    });
    const change = decodeRecord(lambdaRecord(), broken);
    expect(change.new).toStrictEqual(item);
    expect(change.issues).toStrictEqual([
      { path: [], code: 'custom', expected: 'a model that does not throw', received: 'Error: oops' },
    ]);
  });

  it('says what is wrong with a record that is none', () => {
    expect(decodeRecord('nonsense').issues).toStrictEqual([
      { path: [], code: 'type', expected: 'an object', received: '"nonsense"', part: 'record' },
      { path: ['dynamodb'], code: 'missing', expected: 'an object', received: 'nothing', part: 'record' },
      {
        path: ['eventName'],
        code: 'missing',
        expected: 'INSERT, MODIFY or REMOVE',
        received: 'nothing',
        part: 'record',
      },
      {
        path: ['dynamodb', 'SequenceNumber'],
        code: 'missing',
        expected: 'decimal text',
        received: 'nothing',
        part: 'record',
      },
    ]);
  });

  it('never throws on arbitrary JSON, at any place of a record', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (first, second, third) => {
        decodeRecord(first, sampleModel);
        decodeRecord({ ...lambdaRecord(), dynamodb: first, userIdentity: second }, sampleModel);
        const dynamodb = { Keys: first, NewImage: second, OldImage: { Id: third, Message: { L: third } } };
        decodeRecord({ ...lambdaRecord(), dynamodb }, sampleModel);
      }),
    );
  });
});
