import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failuresInAnswer, failuresInThrow } from '../../../src/lambda/handler/failures.js';

const BATCH = ['100', '101', '102'];

describe('failures in an answer', () => {
  it('takes sequence numbers and Lambda’s own form alike', () => {
    expect(failuresInAnswer(['102', '101'], BATCH)).toStrictEqual({ sequenceNumbers: ['101', '102'] });
    expect(failuresInAnswer({ batchItemFailures: [{ itemIdentifier: '102' }] }, BATCH)).toStrictEqual({
      sequenceNumbers: ['102'],
    });
  });

  it.each([[undefined], [null], [[]], [{}], ['100'], [[undefined, 1]], [{ batchItemFailures: [] }], [42]])(
    'takes %j as all done',
    (answer) => {
      expect(failuresInAnswer(answer, BATCH)).toStrictEqual({ sequenceNumbers: [] });
    },
  );

  it('fails the whole batch for a number that is not of it', () => {
    expect(failuresInAnswer(['101', '7'], BATCH)).toStrictEqual({
      sequenceNumbers: ['100'],
      complaint: 'the handler reported "7" as failed, which is no sequence number of this batch',
    });
  });

  it('never throws, and reports only numbers of the batch, in its order', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true }),
        fc.uniqueArray(fc.nat().map(String)),
        (answer, batch) => {
          const { sequenceNumbers } = failuresInAnswer(answer, batch);
          expect(batch.filter((seq) => sequenceNumbers.includes(seq))).toStrictEqual(sequenceNumbers);
        },
      ),
    );
  });
});

describe('failures in a throw', () => {
  it('starts at the first change, or where the error says', () => {
    expect(failuresInThrow(new Error('x'), BATCH)).toStrictEqual({ sequenceNumbers: ['100'] });
    expect(failuresInThrow({ sequenceNumber: '102' }, BATCH)).toStrictEqual({ sequenceNumbers: ['102'] });
    expect(failuresInThrow({ sequenceNumber: '7' }, BATCH)).toStrictEqual({ sequenceNumbers: ['100'] });
    expect(failuresInThrow(undefined, [])).toStrictEqual({ sequenceNumbers: [] });
  });
});
