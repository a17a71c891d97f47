// Compared by node:assert, since vitest takes an attribute named `constructor` for a type.
import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDifferences,
  type DecodedItem,
  decodeImage,
  diffImages,
  encodeImage,
  fromPlainJson,
  itemFromPlainJson,
  plainJsonOf,
  sameValue,
  stringifyPlainJson,
  toPlainJson,
} from '../../src/model/index.js';
import { asLambda, images } from './fixtures/arbitraries.js';

// An image whose attributes are arbitrary JSON, so that malformed values turn up at every depth.
const malformedImages = fc.dictionary(
  fc.string({ maxLength: 4 }),
  fc.oneof(
    fc.jsonValue(),
    fc
      .tuple(fc.constantFrom('S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS', 'X'), fc.jsonValue())
      .map(([tag, payload]) => ({ [tag]: payload })),
  ),
);

describe('every item that DynamoDB can hold', () => {
  it('is encoded from what it was decoded to, in both wire shapes', () => {
    fc.assert(
      fc.property(images, (image) => {
        deepStrictEqual(encodeImage(decodeImage(image)), image);
        const lambda = asLambda(image);
        deepStrictEqual(encodeImage(decodeImage(lambda), { binary: 'base64' }), lambda);
        deepStrictEqual(decodeImage(lambda), decodeImage(image));
      }),
      { numRuns: 400 },
    );
  });

  it('keeps the order of its attributes', () => {
    fc.assert(
      fc.property(images, (image) => {
        deepStrictEqual(Object.keys(decodeImage(image)), Object.keys(image));
      }),
    );
  });

  it('comes back from plain JSON, through text', () => {
    fc.assert(
      fc.property(images, (image) => {
        const json: unknown = JSON.parse(JSON.stringify(toPlainJson(image)));
        deepStrictEqual(fromPlainJson(json), image);
        deepStrictEqual(fromPlainJson(json, { binary: 'base64' }), asLambda(image));
        const decoded = decodeImage(image);
        deepStrictEqual(itemFromPlainJson(plainJsonOf(decoded)), decoded);
      }),
      { numRuns: 400 },
    );
  });

  it('is written to the same text with and without values in between', () => {
    fc.assert(
      fc.property(images, (image) => {
        const text = JSON.stringify(toPlainJson(image));
        expect(stringifyPlainJson(image)).toBe(text);
        expect(stringifyPlainJson(asLambda(image))).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  it('has no issue', () => {
    fc.assert(
      fc.property(images, (image) => {
        const issues: [] = [];
        decodeImage(image, issues);
        deepStrictEqual(issues, []);
      }),
    );
  });
});

describe('what is no image', () => {
  it('is decoded without a throw, keeps what it was, and is named', () => {
    fc.assert(
      fc.property(malformedImages, (image) => {
        const decoded = decodeImage(image);
        deepStrictEqual(decodeImage(encodeImage(decoded)), decoded);
        const text = JSON.stringify(toPlainJson(image));
        expect(stringifyPlainJson(image)).toBe(text);
        expect(decodeImage(fromPlainJson(JSON.parse(text)))).toStrictEqual(
          decodeImage(JSON.parse(JSON.stringify(image))),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('never makes a function throw, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        decodeImage(json, []);
        JSON.parse(stringifyPlainJson(json));
        toPlainJson(json);
      }),
    );
  });
});

describe('the differences of two images', () => {
  const decoded: fc.Arbitrary<DecodedItem> = images.map((image) => decodeImage(image));

  it('make the new image of the old one, and leave the old one alone', () => {
    fc.assert(
      fc.property(decoded, decoded, (before, after) => {
        const copy = structuredClone(plainJsonOf(before));
        expect(sameValue(applyDifferences(before, diffImages(before, after)), after)).toBe(true);
        deepStrictEqual(plainJsonOf(before), copy);
      }),
      { numRuns: 300 },
    );
  });

  it('are none for an image and itself', () => {
    fc.assert(
      fc.property(images, (image) => {
        deepStrictEqual(diffImages(decodeImage(image), decodeImage(asLambda(image))), []);
      }),
    );
  });
});
