import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../../src/model/wire.js';
import { parsedRecords } from '../../../src/stream/records/record-list.js';
import { scanPage } from '../../../src/stream/records/scan-page.js';
import { asLambda, images } from '../../model/fixtures/arbitraries.js';
import { recordsOf } from '../helpers/records-of.js';

const scan = (page: unknown) => scanPage(Buffer.from(JSON.stringify(page)));

function record(seq: string, more: Partial<StreamRecord> = {}): StreamRecord {
  return {
    eventID: `event-${seq}`,
    eventName: 'INSERT',
    dynamodb: { Keys: { Id: { N: seq } }, SequenceNumber: seq, ApproximateCreationDateTime: 1_768_435_200 },
    ...more,
  };
}

const pages: fc.Arbitrary<{ Records: StreamRecord[]; NextShardIterator?: string }> = fc.record(
  {
    NextShardIterator: fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
    Records: fc.array(
      fc
        .record(
          {
            eventName: fc.constantFrom('INSERT', 'MODIFY', 'REMOVE', 'OTHER'),
            seq: fc.bigInt({ min: 1n, max: 10n ** 21n }).map(String),
            at: fc.oneof(fc.nat(), fc.double({ min: 0, max: 2e9, noNaN: true })),
            newImage: images.map(asLambda),
            oldImage: images.map(asLambda),
          },
          { requiredKeys: ['seq'] },
        )
        .map(({ eventName, seq, at, newImage, oldImage }) => ({
          ...(eventName === undefined ? {} : { eventName }),
          dynamodb: {
            SequenceNumber: seq,
            ...(at === undefined ? {} : { ApproximateCreationDateTime: at }),
            ...(newImage === undefined ? {} : { NewImage: newImage }),
            ...(oldImage === undefined ? {} : { OldImage: oldImage }),
          },
        })),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: ['Records'] },
);

describe('scanning a page', () => {
  it('finds in the bytes what parsing finds', () => {
    fc.assert(
      fc.property(pages, (page) => {
        const parsed = JSON.parse(JSON.stringify(page)) as typeof page;
        const { records, next } = scan(page) ?? expect.fail('refused');
        const expected = parsedRecords(parsed.Records);
        expect(next).toBe(parsed.NextShardIterator);
        // As text: an attribute may be called `constructor`, which a comparison of objects takes for their class.
        expect(JSON.stringify(recordsOf(records))).toBe(JSON.stringify(parsed.Records));
        parsed.Records.forEach((_, at) => {
          expect(records.sequence(at)).toBe(expected.sequence(at));
          const [ms, wanted] = [records.createdAt(at), expected.createdAt(at)];
          expect(ms).toBe(wanted);
        });
      }),
    );
  });

  it('takes white space between the tokens, as some servers write it', () => {
    const page = { Records: [record('1'), record('2')], NextShardIterator: 'n' };
    const { records, next } =
      scanPage(Buffer.from(`${JSON.stringify(page, undefined, 1)}\n`)) ?? expect.fail();
    expect(recordsOf(records)).toStrictEqual(page.Records);
    expect(next).toBe('n');
  });

  it('refuses a page that was cut anywhere', () => {
    const whole = Buffer.from(
      JSON.stringify({ Records: [record('1'), record('2')], NextShardIterator: 'n' }),
    );
    for (let end = 0; end < whole.length; end += 1) {
      expect(scanPage(whole.subarray(0, end)), whole.subarray(0, end).toString()).toBeUndefined();
    }
    expect(scanPage(whole)?.records.length).toBe(2);
  });

  it.each([
    ['{"Record\\u0073":[]}', 'a name that an escape spells'],
    ['{"Records":null}', 'no list'],
    ['{"Records":[{"dynamodb":{"SequenceNumber":7}}]}', 'a sequence number that is no text'],
    ['{"Records":[{"dynamodb":{"SequenceNumber":1234}}]}', 'a long sequence number that is no text'],
    ['{"Records":[{"dynamodb":{"ApproximateCreationDateTime":"now"}}]}', 'a time that is no number'],
    ['{"Records":[]}{"Records":[]}', 'something behind it'],
    ['[]', 'another thing'],
  ])('leaves %s to JSON.parse: %s', (text) => {
    expect(scanPage(Buffer.from(text))).toBeUndefined();
  });

  it('leaves bytes that are no UTF-8 to the decoder of text', () => {
    const text = Buffer.from('{"Records":[],"x":"?"}');
    text[text.indexOf('?')] = 0xff;
    expect(scanPage(text)).toBeUndefined();
  });

  it('says that numbers ascend only where they do', () => {
    const isAscending = (...seqs: string[]) =>
      scan({ Records: seqs.map((seq) => record(seq)) })?.records.isAscending;
    expect(isAscending('100', '101', '109')).toBe(true);
    expect(isAscending('100', '100')).toBe(false);
    expect(isAscending('101', '100', '102')).toBe(false);
    // Nothing is claimed of numbers of unlike lengths.
    expect(isAscending('99', '100')).toBe(false);
    expect(scan({ Records: [{ eventName: 'INSERT' }] })?.records.isAscending).toBe(false);
  });

  it('is empty once released, and says so once', () => {
    let released = 0;
    const bytes = Buffer.from(JSON.stringify({ Records: [record('1')] }));
    const { records } = scanPage(bytes, () => released++) ?? expect.fail('refused');
    records.release();
    records.release();
    expect(records.length).toBe(0);
    expect(released).toBe(1);
  });
});
