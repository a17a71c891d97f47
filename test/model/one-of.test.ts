import { describe, expect, expectTypeOf, it } from 'vitest';
import { decodeRecord, defineModel, type Infer, int32, oneOf, string } from '../../src/model/index.js';
import { lambdaRecord } from './fixtures/records.js';

const message = defineModel({ text: string('Message') }, { name: 'MessageModel' });
const user = defineModel({ age: int32('Age') }, { name: 'UserModel' });
const anything = defineModel({}, { name: 'Anything' });
const model = oneOf('EntityType', { Message: message, User: user });

describe('oneOf', () => {
  it('reads each item with the model that its attribute names', () => {
    const first = { EntityType: { S: 'Message' }, Message: { S: 'hi' } };
    const second = { EntityType: { S: 'User' }, Age: { N: '7' } };
    expect(model.parse(first)).toStrictEqual({ text: 'hi' });
    expect(model.parse(second)).toStrictEqual({ age: 7 });
    expect([model.variantOf(first), model.variantOf(second)]).toStrictEqual(['Message', 'User']);
    expect(model.name).toBe('Message | User');
    expectTypeOf<Infer<typeof model>>().toEqualTypeOf<{ text: string } | { age: number }>();
  });

  it.each([
    [{ EntityType: { S: 'Order' } }, 'unknownVariant', 'S "Order"'],
    [{ EntityType: { S: 'constructor' } }, 'unknownVariant', 'S "constructor"'],
    [{ EntityType: { BOOL: true } }, 'type', 'BOOL true'],
    [{}, 'missing', 'nothing'],
  ])('names an item of no variant: %o', (image, code, received) => {
    expect(model.decode(image)).toStrictEqual({
      ok: false,
      issues: [{ path: ['EntityType'], code, expected: '"Message" | "User"', received }],
    });
    expect(model.variantOf(image)).toBeUndefined();
  });

  it('takes the last model for the rest, where there is one', () => {
    const open = oneOf('EntityType', { Message: message }, anything);
    expect(open.parse({ EntityType: { S: 'Order' } })).toStrictEqual({});
    expect(open.variantOf({ EntityType: { S: 'Order' } })).toBe('Anything');
    expect(open.decode(5).ok).toBe(false);
  });

  it('reads numbers as names too, and can be nested', () => {
    const versions = oneOf('V', { 1: message, 2: oneOf('EntityType', { User: user }) });
    expect(versions.parse({ V: { N: '2' }, EntityType: { S: 'User' }, Age: { N: '1' } })).toStrictEqual({
      age: 1,
    });
  });

  it('tells the change which model matched', () => {
    const change = decodeRecord(lambdaRecord(), model);
    expect([change.modelName, change.model, change.oldModel]).toStrictEqual([
      'Message',
      { text: 'Item 101 has changed' },
      { text: 'New item!' },
    ]);
  });
});
