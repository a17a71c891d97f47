import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CliError } from '../../../src/errors.js';
import type { AttributeValue, StreamRecord } from '../../../src/model/wire.js';
import { compileFilter } from '../../../src/stream/filter/index.js';

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string({ minLength: 1 }).map((S) => ({ S })),
  fc.integer().map((value) => ({ N: String(value) })),
  fc.boolean().map((BOOL) => ({ BOOL })),
);
const { value: attributeValue } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc
      .dictionary(fc.string(), tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true })
      .map((M) => ({ M })),
  ),
}));
const image = fc.dictionary(fc.string(), attributeValue, { minKeys: 1, maxKeys: 4, noNullPrototype: true });

const recordOf = (newImage: StreamRecord['dynamodb']): StreamRecord => ({
  eventName: 'INSERT',
  dynamodb: newImage ?? {},
});

/** The pattern that asks for every leaf of a value. */
function patternOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return [value];
  const pattern: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(pattern, name, { value: patternOf(member), enumerable: true });
  }
  return pattern;
}

describe('a pattern made of a record', () => {
  it('matches it, and no longer when one more leaf is asked for', () => {
    fc.assert(
      fc.property(image, (newImage) => {
        // An attribute that is called $or with a list is an operator; the pattern means something else then.
        fc.pre(!JSON.stringify(newImage).includes('$or'));
        const record = recordOf({ NewImage: newImage });
        const pattern = { dynamodb: { NewImage: patternOf(newImage) } };
        expect(compileFilter([JSON.stringify(pattern)])(record)).toBe(true);
        const stricter = { ...pattern, userIdentity: { type: [{ exists: true }] } };
        expect(compileFilter([JSON.stringify(stricter)])(record)).toBe(false);
      }),
    );
  });

  it('is taken or refused with a CliError, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          expect(typeof compileFilter([text])(recordOf({ NewImage: { a: { S: 'x' } } }))).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(CliError);
          expect(error).toMatchObject({ exitCode: 2, code: expect.stringMatching(/^filter\./) });
        }
      }),
    );
  });
});
