import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/model/bytes/byte-writer.js';
import { imageJsonRoom, writeImageJson } from '../../../src/model/bytes/image-json.js';
import { REFUSED } from '../../../src/model/bytes/json-bytes.js';
import { toPlainJson } from '../../../src/model/index.js';
import { asLambda, images } from '../fixtures/arbitraries.js';

/** The plain JSON that is written for an image, or undefined where it is refused. */
function written(wire: string): string | undefined {
  const bytes = Buffer.from(wire);
  const out = new ByteWriter(0);
  out.reserve(imageJsonRoom(bytes.length));
  const end = writeImageJson(bytes, 0, out);
  if (end === REFUSED) return undefined;
  expect(end).toBe(bytes.length);
  return out.toString();
}

describe('plain JSON from the bytes of an image', () => {
  it('is what the way over objects gives, for every image that is not refused', () => {
    let accepted = 0;
    fc.assert(
      fc.property(images, (image) => {
        const wire = asLambda(image);
        const json = written(JSON.stringify(wire));
        // With a space behind every comma and colon, as some servers write it, it is the same.
        expect(written(JSON.stringify(wire, undefined, 1))).toBe(json);
        if (json === undefined) return;
        accepted += 1;
        expect(json).toBe(JSON.stringify(toPlainJson(wire)));
      }),
      { numRuns: 2_000 },
    );
    // Most items take the fast way, or there would be no point in it.
    expect(accepted).toBeGreaterThan(1_000);
  });

  it.each([
    ['{}', '{}'],
    ['{"a":{"S":""}}', '{"a":""}'],
    ['{"a":{"S":"\\"\\u00e9\\ud83d\\ude00\\n"}}', '{"a":"\\"\\u00e9\\ud83d\\ude00\\n"}'],
    ['{"a":{"N":"-12.5"},"b":{"N":"0"},"c":{"N":"0.5"}}', '{"a":-12.5,"b":0,"c":0.5}'],
    ['{"a":{"N":"0.0000001"},"b":{"N":"-0.00000012"}}', '{"a":1e-7,"b":-1.2e-7}'],
    [
      '{"a":{"N":"0.000001"},"b":{"NS":["0.000001","-0.0000012"]}}',
      '{"a":0.000001,"b":{"$NS":["0.000001","-0.0000012"]}}',
    ],
    ['{"a":{"N":"1726520000000123"}}', '{"a":1726520000000123}'],
    ['{"a":{"N":"12345678901234567890.5"}}', '{"a":{"$N":"12345678901234567890.5"}}'],
    ['{"a":{"BOOL":true},"b":{"BOOL":false},"c":{"NULL":true}}', '{"a":true,"b":false,"c":null}'],
    ['{"a":{"B":"AQI="},"b":{"BS":["AQI=",""]}}', '{"a":{"$B":"AQI="},"b":{"$BS":["AQI=",""]}}'],
    ['{"a":{"SS":["x","y"]},"b":{"NS":["1","-2"]}}', '{"a":{"$SS":["x","y"]},"b":{"$NS":["1","-2"]}}'],
    ['{"a":{"L":[{"M":{"x":{"L":[]}}},{"N":"1"}]}}', '{"a":[{"x":[]},1]}'],
    ['{"a":{"M":{"$N":{"S":"5"},"b":{"N":"1"}}}}', '{"a":{"$N":"5","b":1}}'],
  ])('of %s is %s', (wire, json) => {
    expect(written(wire)).toBe(json);
    expect(JSON.parse(json)).toStrictEqual(toPlainJson(JSON.parse(wire)));
  });

  it.each([
    ['{"a":{"N":"one"}}', 'a number that is none'],
    ['{"a":{"N":""}}', 'a number without digits'],
    ['{"a":{"NULL":false}}', 'a NULL that is not true'],
    ['{"a":{"B":"?"}}', 'binary that is no base64'],
    ['{"a":{}}', 'a value without a type'],
    ['{"a":{"S":"x","N":"1"}}', 'a value with two types'],
    ['{"a":{"X":"x"}}', 'an unknown type'],
    ['{"a":{"S":1}}', 'text that is a number'],
    ['{"a":{"M":{"$N":{"S":"5"}}}}', 'a map that reads like a tag'],
    ['{"\\u0024N":{"S":"5"}}', 'a name that may spell a tag'],
    ['{"a":{"S" "x"}}', 'a value without a colon'],
    ['null', 'no image'],
    ['{"a":{"NS":["0","0.0000001"]}}', 'a member of a set that a double prints with an exponent'],
    ['{"a":{"N":"1E20"}}', 'a number longer than its text'],
  ])('of %s is left to the decoder: %s', (wire) => {
    expect(written(wire)).toBeUndefined();
  });

  it('of numbers that JSON cannot write as they stand goes by their value', () => {
    expect(JSON.parse(written('{"a":{"N":"007"},"b":{"N":"-0"},"c":{"N":"1.50"}}') ?? '')).toStrictEqual({
      a: 7,
      b: 0,
      c: 1.5,
    });
  });
});
