import { deepStrictEqual, notDeepStrictEqual } from 'node:assert/strict';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../../../src/bench/decode/equal.js';
import { itemBytes, SHAPES, shapeImages } from '../../../src/bench/decode/shapes.js';
import { decodeImage, encodeImage } from '../../../src/model/index.js';

describe('shapes', () => {
  it.each(SHAPES)('%s gives the same images for the same seed, and others for another', (shape) => {
    const [image, ...others] = shapeImages(shape, 2, 7);
    expect(others).toHaveLength(1);
    deepStrictEqual(shapeImages(shape, 1, 7), [image]);
    if (shape !== 'sample') notDeepStrictEqual(shapeImages(shape, 1, 8), [image]);
    deepStrictEqual(encodeImage(decodeImage(image)), image);
    expect(firstDifference(decodeImage(image), unmarshall(image as never))).toBeUndefined();
  });

  it('are as large as they say', () => {
    const [wide] = shapeImages('wide', 1, 1);
    expect(Object.keys(wide ?? {})).toHaveLength(200);
    const [large] = shapeImages('large', 1, 1);
    const bytes = itemBytes(large ?? {});
    expect(bytes).toBeGreaterThan(390_000);
    expect(bytes).toBeLessThan(409_600);
    const [sets] = shapeImages('sets', 1, 1);
    expect(sets?.hashes).toMatchObject({ BS: Array.from({ length: 20 }, () => expect.any(Uint8Array)) });
  });
});
