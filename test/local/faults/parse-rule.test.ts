import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import { parseFaultRule } from '../../../src/local/faults/parse-rule.js';

function refusal(text: string): { message: string; hint: string | undefined } {
  try {
    parseFaultRule(text);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    expect([error.code, error.exitCode]).toStrictEqual(['faults.badRule', 2]);
    return { message: error.message, hint: error.hint };
  }
  throw new Error(`${text} is taken`);
}

describe('a fault rule', () => {
  it('names an operation, a fault and its dose', () => {
    expect(parseFaultRule('GetRecords:throttle=20%')).toStrictEqual({
      text: 'GetRecords:throttle=20%',
      operation: 'GetRecords',
      kind: 'throttle',
      share: 0.2,
    });
    expect(parseFaultRule(' PutItem:cut=count=3 ')).toStrictEqual({
      text: 'PutItem:cut=count=3',
      operation: 'PutItem',
      kind: 'cut',
      share: 1,
      count: 3,
    });
    expect(parseFaultRule('PutItem:cut:count=3')).toMatchObject({ count: 3 });
    expect(parseFaultRule('PutItem:error=0.5%,count=3')).toMatchObject({ share: 0.005, count: 3 });
    expect(parseFaultRule('*:delay=50ms..1.5s')).toMatchObject({ operation: '*', share: 1, ms: [50, 1_500] });
    expect(parseFaultRule('Scan:delay=2s,10%')).toMatchObject({ share: 0.1, ms: [2_000, 2_000] });
    expect(parseFaultRule('DescribeStream:late-children=3s')).toMatchObject({ ms: [3_000, 3_000] });
    expect(parseFaultRule('DescribeStream:small-pages=2')).toMatchObject({ size: 2, share: 1 });
  });

  it('is refused with its name, the reason and what is known', () => {
    expect(refusal('GetRecords:explode=5%')).toStrictEqual({
      message: 'the rule "GetRecords:explode=5%" cannot be used: there is no fault "explode"',
      hint: 'the faults are throttle, error, cut, delay, expire, trim, empty, duplicate, null-iterator, unprocessed, late-children, missing-shard, repeated-shard, page-error, small-pages',
    });
    expect(refusal('getrecords:throttle=5%').hint).toBe('operations are written as AWS does: GetRecords');
    expect(refusal('Nothing:throttle=5%').hint).toContain('the operations are * and BatchGetItem');
    expect(refusal('PutItem:expire=5%')).toStrictEqual({
      message: 'the rule "PutItem:expire=5%" cannot be used: expire cannot happen to PutItem',
      hint: 'expire is for GetRecords',
    });
    expect(refusal('throttle').message).toContain('not of the form operation:kind=value');
    expect(refusal('GetRecords:throttle').message).toContain('does not say how often');
    expect(refusal('GetRecords:throttle=often').message).toContain('"often" is no dose');
    expect(refusal('GetRecords:delay=20%').message).toContain('needs a time');
    expect(refusal('DescribeStream:small-pages=20%').message).toContain('needs a size');
  });

  it.each(['0%', '101%', '-5%', 'share=20', 'count=0', 'count=1.5', 'count='])(
    'takes no dose like %s',
    (dose) => {
      expect(refusal(`GetRecords:throttle=${dose}`).message).toContain('is no');
    },
  );

  it.each(['2s..1s', '20m', 'soon', '1s..2s..3s', '5'])('takes no time like %s', (time) => {
    expect(refusal(`*:delay=${time}`).message).toMatch(/is no time|out of range/);
  });
});
