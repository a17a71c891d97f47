import { expect, it } from 'vitest';
import { keyCautions, type TableKey } from '../../../src/commands/tail/key-flags.js';

const ID: TableKey = { name: 'Id', type: 'N' };
const AT: TableKey = { name: 'At', type: 'S' };
const HASH: TableKey = { name: 'Hash', type: 'B' };

it.each<[string[], TableKey[], string[]]>([
  [['Id=42', 'Id=-1.50e3', 'At=anything', 'Hash=AQI='], [ID, AT, HASH], []],
  [['Foo=1'], [ID], ['--key Foo=1 matches no change: the key of the table is Id (N)']],
  [['Foo=1'], [ID, AT], ['--key Foo=1 matches no change: the key of the table is Id (N) and At (S)']],
  [['Id=abc', 'Id=7'], [ID], ['--key Id=abc matches no change: Id is a number (N)']],
  [['Id='], [ID], ['--key Id= matches no change: Id is a number (N)']],
  [['Hash=no!'], [HASH], ['--key Hash=no! matches no change: Hash is binary (B), which is given as base64']],
  // Nobody could say what the keys are.
  [['Foo=1'], [], []],
])('says what %j cannot match', (keys, tableKeys, cautions) => {
  expect(keyCautions(keys, tableKeys)).toStrictEqual(cautions);
});
