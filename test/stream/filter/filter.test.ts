import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import type { StreamRecord } from '../../../src/model/wire.js';
import { compileFilter, filterCautions } from '../../../src/stream/filter/index.js';

function makeRecord(overrides: Partial<StreamRecord> = {}): StreamRecord {
  return {
    eventID: 'c81e728d9d4c2f636f067f89cc14862c',
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1428537600,
      Keys: { Id: { N: '101' } },
      NewImage: {
        Id: { N: '101' },
        Message: { S: 'Item 101 has changed' },
        Empty: { S: '' },
        Paid: { BOOL: true },
        Nothing: { NULL: true },
        Tags: { SS: ['red', 'green'] },
        Price: { N: '12345678901234567890.123' },
        Address: { M: { City: { S: 'Paris' }, Zip: { N: '75001' } } },
        Lines: { L: [{ S: 'a' }, { M: { Sku: { S: 'x-1' } } }] },
      },
      OldImage: { Id: { N: '101' }, Message: { S: 'New item!' } },
      SequenceNumber: '4421584500000000017450439092',
      SizeBytes: 59,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    ...overrides,
  };
}

const matches = (pattern: unknown, record = makeRecord()): boolean =>
  compileFilter([JSON.stringify(pattern)])(record);
const newImage = (image: unknown): unknown => ({ dynamodb: { NewImage: image } });

describe('compileFilter', () => {
  it('passes everything without patterns', () => {
    expect(compileFilter([])(makeRecord())).toBe(true);
  });

  it.each<[string, unknown, boolean]>([
    ['text equality', { eventName: ['MODIFY'] }, true],
    ['text equality, one of several', { eventName: ['INSERT', 'MODIFY'] }, true],
    ['text equality of another case', { eventName: ['modify'] }, false],
    ['fields ANDed', { eventName: ['MODIFY'], awsRegion: ['eu-west-1'] }, false],
    ['nested fields', newImage({ Message: { S: ['Item 101 has changed'] } }), true],
    ['N as text', { dynamodb: { Keys: { Id: { N: ['101'] } } } }, true],
    ['N as a number never equals its text', { dynamodb: { Keys: { Id: { N: [101] } } } }, false],
    ['a JSON number', { dynamodb: { SizeBytes: [59] } }, true],
    ['the empty text', newImage({ Empty: { S: [''] } }), true],
    ['a boolean', newImage({ Paid: { BOOL: [true] } }), true],
    ['another boolean', newImage({ Paid: { BOOL: [false] } }), false],
    ['null is a JSON null, not an absent field', newImage({ Missing: { S: [null] } }), false],
    ['a member of a set', newImage({ Tags: { SS: ['green'] } }), true],
    ['no member of a set', newImage({ Tags: { SS: ['blue'] } }), false],
    ['a nested map', newImage({ Address: { M: { City: { S: ['Paris'] } } } }), true],
    ['a member of a list', newImage({ Lines: { L: { M: { Sku: { S: [{ prefix: 'x' }] } } } } }), true],
    ['prefix', newImage({ Message: { S: [{ prefix: 'Item' }] } }), true],
    ['prefix of another text', newImage({ Message: { S: [{ prefix: 'item' }] } }), false],
    ['suffix', newImage({ Message: { S: [{ suffix: 'changed' }] } }), true],
    [
      'equals-ignore-case',
      newImage({ Message: { S: [{ 'equals-ignore-case': 'ITEM 101 has changed' }] } }),
      true,
    ],
    ['anything-but a value', { eventName: [{ 'anything-but': 'REMOVE' }] }, true],
    ['anything-but the value itself', { eventName: [{ 'anything-but': 'MODIFY' }] }, false],
    ['anything-but a list', { eventName: [{ 'anything-but': ['INSERT', 'MODIFY'] }] }, false],
    ['anything-but a prefix', { eventName: [{ 'anything-but': { prefix: 'MO' } }] }, false],
    ['anything-but on an absent field', newImage({ Missing: { S: [{ 'anything-but': 'x' }] } }), false],
    ['exists', newImage({ Message: { S: [{ exists: true }] } }), true],
    ['exists on an absent field', newImage({ Missing: { S: [{ exists: true }] } }), false],
    ['exists false on an absent field', newImage({ Missing: { S: [{ exists: false }] } }), true],
    ['exists false below an absent image', { dynamodb: { Gone: { X: { S: [{ exists: false }] } } } }, true],
    ['exists sees leaves only', newImage({ Message: [{ exists: true }] }), false],
    ['exists false on a node, as AWS has it', newImage({ Message: [{ exists: false }] }), true],
    ['numeric equality on the text of N', newImage({ Id: { N: [{ numeric: ['=', 101.0] }] } }), true],
    ['a numeric range', newImage({ Id: { N: [{ numeric: ['>', 100, '<=', 101] }] } }), true],
    [
      'a numeric range, upper bound left out',
      newImage({ Id: { N: [{ numeric: ['>', 100, '<', 101] }] } }),
      false,
    ],
    ['numeric on a JSON number', { dynamodb: { SizeBytes: [{ numeric: ['<', 60] }] } }, true],
    ['numeric never reads text that is not N', newImage({ Message: { S: [{ numeric: ['>', 0] }] } }), false],
    [
      'numeric decides beyond a double',
      newImage({ Price: { N: [{ numeric: ['>', 12345678901234567000] }] } }),
      true,
    ],
    ['$or', { $or: [{ eventName: ['REMOVE'] }, newImage({ Id: { N: ['101'] } })] }, true],
    ['$or without a match', { $or: [{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }] }, false],
    [
      '$or ANDed with its neighbours',
      { awsRegion: ['eu-west-1'], $or: [{ eventName: ['MODIFY'] }, { eventName: ['INSERT'] }] },
      false,
    ],
    ['$or inside an image', newImage({ $or: [{ Id: { N: ['1'] } }, { Paid: { BOOL: [true] } }] }), true],
    ['rules of a list ORed', { eventName: [{ prefix: 'X' }, { suffix: 'FY' }] }, true],
    ['names of Object.prototype are absent', { constructor: [{ exists: false }] }, true],
  ])('%s', (_name, pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });

  it('matches an attribute named __proto__', () => {
    const record = makeRecord({
      dynamodb: { NewImage: JSON.parse('{"__proto__":{"S":"x"}}') },
    });
    expect(compileFilter(['{"dynamodb":{"NewImage":{"__proto__":{"S":["x"]}}}}'])(record)).toBe(true);
    expect(compileFilter(['{"dynamodb":{"NewImage":{"__proto__":{"S":["x"]}}}}'])(makeRecord())).toBe(false);
  });

  it('ORs up to five patterns', () => {
    const filter = compileFilter(['{"eventName":["REMOVE"]}', '{"eventName":["MODIFY"]}']);
    expect(filter(makeRecord())).toBe(true);
    expect(filter(makeRecord({ eventName: 'INSERT' }))).toBe(false);
  });

  it('sees the records of the SDK as Lambda would', () => {
    const record: StreamRecord = {
      eventName: 'REMOVE',
      userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
      dynamodb: {
        ApproximateCreationDateTime: new Date(1428537600_000),
        Keys: { Id: { B: Uint8Array.from([1, 2, 255]) } },
      },
    };
    expect(matches({ userIdentity: { type: ['Service'] } }, record)).toBe(true);
    expect(matches({ dynamodb: { ApproximateCreationDateTime: [1428537600] } }, record)).toBe(true);
    expect(matches({ dynamodb: { Keys: { Id: { B: ['AQL/'] } } } }, record)).toBe(true);
  });

  it('refuses an unknown operator with the list of known ones', () => {
    const refused = refusal('{"eventName":[{"wildcard":"M*"}]}');
    expect({ ...refused, message: refused.message }).toMatchObject({
      code: 'filter.operator',
      exitCode: 2,
      message: 'unknown operator "wildcard" at eventName',
      hint: 'the operators are prefix, suffix, equals-ignore-case, anything-but, exists, numeric, $or',
    });
  });

  it.each<[string, string, string]>([
    ['not JSON', '{eventName:["INSERT"]}', 'filter.json'],
    ['a list', '[]', 'filter.shape'],
    ['an empty object', '{}', 'filter.shape'],
    ['an empty nested object', '{"dynamodb":{}}', 'filter.shape'],
    ['an empty list', '{"eventName":[]}', 'filter.shape'],
    ['a bare value', '{"eventName":"INSERT"}', 'filter.shape'],
    ['a list in a list', '{"eventName":[["INSERT"]]}', 'filter.shape'],
    ['two operators in one rule', '{"eventName":[{"prefix":"a","suffix":"b"}]}', 'filter.shape'],
    ['a prefix that is no text', '{"eventName":[{"prefix":1}]}', 'filter.shape'],
    ['an exists that is no boolean', '{"eventName":[{"exists":"yes"}]}', 'filter.shape'],
    ['anything-but of mixed kinds', '{"eventName":[{"anything-but":["a",1]}]}', 'filter.shape'],
    [
      'anything-but of another operator',
      '{"eventName":[{"anything-but":{"numeric":["=",1]}}]}',
      'filter.shape',
    ],
    ['a numeric without a number', '{"a":[{"numeric":[">"]}]}', 'filter.shape'],
    ['a numeric with text', '{"a":[{"numeric":[">","1"]}]}', 'filter.shape'],
    ['a numeric with another operator', '{"a":[{"numeric":["!=",1]}]}', 'filter.shape'],
    ['a numeric range upside down', '{"a":[{"numeric":["<",1,">",0]}]}', 'filter.shape'],
    ['an empty numeric range', '{"a":[{"numeric":[">",1,"<",1]}]}', 'filter.shape'],
    ['$or of one', '{"$or":[{"eventName":["INSERT"]}]}', 'filter.shape'],
    ['a pattern longer than Lambda takes', `{"eventName":["${'x'.repeat(5000)}"]}`, 'filter.tooLong'],
  ])('refuses %s', (_name, pattern, code) => {
    const refused = refusal(pattern);
    expect([refused.code, refused.exitCode]).toStrictEqual([code, 2]);
  });

  it('refuses a sixth pattern', () => {
    expect(() => compileFilter(Array(6).fill('{"eventName":["INSERT"]}'))).toThrow('at most 5');
  });
});

describe('filterCautions', () => {
  it('says where a pattern cannot mean what it says', () => {
    expect(
      filterCautions([
        '{"NewImage":{"Id":{"N":["1"]}}}',
        '{"dynamodb":{"Keys":{"Id":{"N":[101]}},"NewImage":{"Message":["x"],"$or":[{"A":["x"]},{"B":{"S":["y"]}}]}}}',
      ]),
    ).toStrictEqual([
      'no stream record has a field "NewImage" at its top: attributes are under dynamodb.Keys, NewImage, OldImage',
      'DynamoDB sends numbers as text: write ["101"], not [101], at dynamodb.Keys.Id.N',
      'dynamodb.NewImage.Message stands on an attribute, not on its type: Lambda matches leaves, such as dynamodb.NewImage.Message.S',
      'dynamodb.NewImage.A stands on an attribute, not on its type: Lambda matches leaves, such as dynamodb.NewImage.A.S',
    ]);
  });

  it('has nothing to say about a plain pattern', () => {
    expect(filterCautions(['{"eventName":["INSERT"],"dynamodb":{"Keys":{"Id":{"N":["1"]}}}}'])).toStrictEqual(
      [],
    );
  });

  it('says that numeric on N may differ in Lambda', () => {
    const [caution] = filterCautions(['{"dynamodb":{"NewImage":{"Age":{"N":[{"numeric":[">",1]}]}}}}']);
    expect(caution).toContain('try it on AWS');
  });
});

function refusal(pattern: string): CliError {
  try {
    compileFilter([pattern]);
  } catch (error) {
    if (error instanceof CliError) return error;
  }
  throw new Error(`${pattern} was taken`);
}
