import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { benchDecode, type DecodeBenchOptions } from '../../../src/bench/decode/bench-decode.js';
import { SHAPES } from '../../../src/bench/decode/shapes.js';
import { decodeImage } from '../../../src/model/index.js';

/** A clock on which every reading is a millisecond after the one before. */
function tickingClock(): () => number {
  let now = 0;
  return () => now++;
}

function options(overrides: Partial<DecodeBenchOptions> = {}): DecodeBenchOptions {
  return {
    // Cast: the SDK's type of an attribute value names the unions' other members as well.
    unmarshall: unmarshall as DecodeBenchOptions['unmarshall'],
    now: tickingClock(),
    budgetMs: 0,
    minRounds: 2,
    ...overrides,
  };
}

const timing = {
  batches: 10,
  p50Us: 1000,
  p90Us: 1000,
  p99Us: 1000,
  maxUs: 1000,
  recordsPerSecond: 100_000,
};

describe('benchDecode', () => {
  it('measures every shape against unmarshall, whose outputs are equal, and a whole event', async () => {
    const parts: string[] = [];
    // The large shape takes seconds; its outputs are compared in shapes.test.ts.
    const shapes = SHAPES.filter((shape) => shape !== 'large');
    const result = await benchDecode(options({ shapes, onStart: (part) => parts.push(part) }));
    expect(parts).toStrictEqual([...shapes, 'event']);
    expect(
      result.shapes.map(({ shape, speedup, modelSpeedup }) => [shape, speedup, modelSpeedup]),
    ).toStrictEqual(shapes.map((shape) => [shape, 1, shape === 'sample' ? 1 : undefined]));
    expect(result.shapes[0]).toStrictEqual({
      shape: 'sample',
      records: 100,
      itemBytes: 46,
      decode: timing,
      unmarshall: timing,
      speedup: 1,
      model: timing,
      modelSpeedup: 1,
    });
    expect(result.event).toMatchObject({ records: 100, parse: timing, parseAndModels: timing, ratio: 1 });
    expect(result.event?.bytes).toBeGreaterThan(50_000);
  });

  it('measures only the shapes it is asked for', async () => {
    const result = await benchDecode(options({ shapes: ['sets'] }));
    expect(result.shapes.map(({ shape }) => shape)).toStrictEqual(['sets']);
    expect('event' in result).toBe(false);
  });

  it('does not measure decoders whose outputs differ', async () => {
    const wrong: DecodeBenchOptions['unmarshall'] = (image) => ({ ...decodeImage(image), Id: -1 });
    await expect(benchDecode(options({ unmarshall: wrong }))).rejects.toThrow(
      'the decoders differ on the shape sample, at .Id',
    );
  });

  it('ends when aborted', async () => {
    const reason = new Error('stop');
    await expect(benchDecode(options({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });
});
