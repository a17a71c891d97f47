import { describe, expect, it } from 'vitest';
import { parseStackFlags } from '../../src/provision/desired.js';
import { roleName } from '../../src/provision/names.js';
import type { StackFlags } from '../../src/provision/stack-flags.js';

it('is the reference’s own stack without a flag, with nothing stated', () => {
  expect(parseStackFlags({})).toStrictEqual({
    name: 'SampleStreamTable',
    adopt: false,
    tags: {},
    table: {
      keys: { value: [{ name: 'Id', type: 'N' }], stated: false },
      viewType: { value: 'NEW_IMAGE', stated: false },
      billing: { value: { mode: 'PAY_PER_REQUEST' }, stated: false },
      deletionProtection: { value: false, stated: false },
    },
    compute: {
      functionName: 'sample-ddb-stream-handler',
      memoryMb: { value: 256, stated: false },
      timeoutSeconds: { value: 60, stated: false },
      mapping: {
        batchSize: { value: 100, stated: false },
        batchWindowSeconds: { value: 0, stated: false },
        parallelization: { value: 1, stated: false },
        startingPosition: { value: 'TRIM_HORIZON', stated: false },
        maximumRetries: { value: 10, stated: false },
        maximumRecordAgeSeconds: { value: 86_400, stated: false },
        bisect: { value: true, stated: false },
        filters: { value: [], stated: false },
        onFailure: { value: null, stated: false },
      },
      logRetentionDays: { value: 14, stated: false },
    },
  });
});

it('takes keys and function of ddbcdc.json for the table of ddbcdc.json only', () => {
  const config = { table: 'Orders', partitionKey: 'OrderId:S', sortKey: 'At:N', function: 'orders' };
  expect(parseStackFlags({}, config)).toMatchObject({
    name: 'Orders',
    table: { keys: { value: [{ name: 'OrderId' }, { name: 'At' }], stated: true } },
    compute: { functionName: 'orders' },
  });
  expect(parseStackFlags({ table: 'Invoices' }, config)).toMatchObject({
    table: { keys: { value: [{ name: 'Id' }], stated: false } },
    compute: { functionName: 'sample-ddb-stream-handler' },
  });
  expect(parseStackFlags({ partitionKey: 'Id:S' }, config).table.keys.value).toStrictEqual([
    { name: 'Id', type: 'S' },
  ]);
});

it('reads times with and without a unit', () => {
  const mapping = parseStackFlags({ batchWindow: '5', maxRecordAge: '2h', timeout: '2m' });
  expect(mapping.compute).toMatchObject({
    timeoutSeconds: { value: 120, stated: true },
    mapping: { batchWindowSeconds: { value: 5 }, maximumRecordAgeSeconds: { value: 7200 } },
  });
  expect(parseStackFlags({ maxRecordAge: '-1' }).compute?.mapping.maximumRecordAgeSeconds.value).toBe(-1);
});

describe('a bad flag names itself, its value and the rule', () => {
  const cases: [StackFlags, string][] = [
    [{ table: 'a' }, '--table a: a table name has 3 to 255'],
    [{ function: 'a b' }, '--function a b: a function name has 1 to 64'],
    [{ partitionKey: 'Id' }, '--partition-key Id: a key is written name:type'],
    [{ sortKey: 'At:X' }, '--sort-key At:X: a key is written name:type'],
    [{ sortKey: 'Id:N' }, '--sort-key Id:N: it is the partition key already'],
    [{ timeout: '16m' }, '--timeout 16m: it takes 1 to 900 seconds'],
    [{ batchWindow: '1.5s' }, '--batch-window 1.5s: it takes 0 to 300 seconds'],
    [{ maxRecordAge: '59s' }, '--max-record-age 59s: it takes 60 to 604800 seconds'],
    [{ logRetention: 15 }, '--log-retention 15: CloudWatch Logs keeps logs for 1, 3'],
    [{ onFailure: 'arn:aws:kinesis:x' }, '--on-failure arn:aws:kinesis:x: it takes the ARN of an SQS queue'],
    [{ onFailure: 'arn:aws:sqs:r:1:q.fifo' }, 'not to FIFO ones'],
    [{ roleArn: 'role' }, '--role-arn role: it takes the ARN of a role'],
    [{ readCapacity: 5 }, '--read-capacity and --write-capacity go together'],
    [{ tag: ['novalue'] }, '--tag novalue: a tag is written key=value'],
    [{ tag: ['a="x"'] }, 'a tag has letters, digits, blanks and _ . : / = + - @'],
    [{ tag: ['aws:x=1'] }, '--tag aws:x=1: tags that begin with aws: or ddbcdc: are not free'],
    [{ function: false, memory: 512, retries: 3 }, '--memory, --retries: these are about a function'],
    [{ filter: ['{'] }, 'the filter { is not JSON'],
  ];
  for (const [flags, text] of cases) {
    it(JSON.stringify(flags), () => {
      expect(() => parseStackFlags(flags)).toThrow(expect.objectContaining({ exitCode: 2 }));
      expect(() => parseStackFlags(flags)).toThrow(text);
    });
  }
});

it('names roles within IAM’s 64 characters, and apart', () => {
  expect(roleName('orders', 'eu-west-1')).toBe('ddbcdc-orders-eu-west-1');
  const long = roleName('f'.repeat(64), 'eu-west-1');
  expect(long).toHaveLength(64);
  expect(roleName('f'.repeat(64), 'eu-west-2')).not.toBe(long);
});
