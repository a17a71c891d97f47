import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeFrame,
  encodeRequest,
  frameReader,
  requestReader,
} from '../../../src/local/functions/runtime/frames.js';

/** The bytes in pieces of the given lengths, again and again. */
function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let offset = 0, index = 0; offset < bytes.length; index += 1) {
    const end = offset + (lengths[index % lengths.length] ?? 1);
    yield bytes.subarray(offset, end);
    offset = end;
  }
}

const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });

describe('the pipes between the engine and a function', () => {
  it('give back every frame whole and in order, however the bytes arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.uint8Array({ maxLength: 100 }))),
        lengths,
        (frames, pieces) => {
          const seen: [number, Uint8Array][] = [];
          const read = frameReader((kind, payload) => seen.push([kind, Uint8Array.from(payload)]));
          const bytes = Buffer.concat(frames.map(([kind, payload]) => encodeFrame(kind, payload)));
          for (const chunk of cut(bytes, pieces)) read(chunk);
          expect(seen).toStrictEqual(frames);
        },
      ),
    );
  });

  it('give back every request', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uuid(), fc.jsonValue())), lengths, (requests, pieces) => {
        const seen: unknown[] = [];
        const read = requestReader((header, event) => seen.push([header.requestId, event.toString()]));
        const bytes = Buffer.concat(
          requests.map(([requestId, event]) =>
            encodeRequest(
              { requestId, deadline: 1, invokedFunctionArn: 'a' },
              Buffer.from(JSON.stringify(event)),
            ),
          ),
        );
        for (const chunk of cut(bytes, pieces)) read(chunk);
        expect(seen).toStrictEqual(requests.map(([requestId, event]) => [requestId, JSON.stringify(event)]));
      }),
    );
  });
});
