// The decode stage of `ddbcdc bench`: this decoder against `unmarshall` of @aws-sdk/util-dynamodb on every shape, models
// against both, and a whole event from its JSON bytes. Measures only; numbers and words for people are made elsewhere.
import { decodeImage } from '../../model/decode-image.js';
import { sampleModel } from '../../model/sample-model.js';
import type { AttributeMap, StreamRecord } from '../../model/wire.js';
import { firstDifference } from './equal.js';
import { lambdaEvent } from './event.js';
import {
  type BatchTiming,
  type BenchCase,
  measureRounds,
  type RoundOptions,
  ratioOf,
  timingOf,
} from './rounds.js';
import { itemBytes, SHAPES, type ShapeName, shapeImages } from './shapes.js';

/** Records in a batch: the mapping's default batch size. */
export const BATCH_RECORDS = 100;

export interface DecodeBenchOptions {
  /** `unmarshall` of @aws-sdk/util-dynamodb. Given, not imported, so that this module loads without the SDK. */
  readonly unmarshall: (image: AttributeMap) => unknown;
  /** Milliseconds, monotonic: `performance.now`. */
  readonly now: () => number;
  /** Defaults to all. */
  readonly shapes?: readonly ShapeName[];
  /** How long each shape (and the event) is measured; default 1500. */
  readonly budgetMs?: number;
  readonly minRounds?: number;
  readonly maxRounds?: number;
  /** Default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called before each part is measured: a shape's name, or `event`. */
  readonly onStart?: (part: ShapeName | 'event') => void;
}

export interface ShapeResult {
  readonly shape: ShapeName;
  readonly records: number;
  /** The first item's size as DynamoDB counts it. */
  readonly itemBytes: number;
  readonly decode: BatchTiming;
  readonly unmarshall: BatchTiming;
  /** `unmarshall`'s time in times of the generic decoder's. */
  readonly speedup: number;
  /** The sample model, on the sample shape: from the parsed image to the validated model. */
  readonly model?: BatchTiming;
  /** `unmarshall`'s time in times of the model's. */
  readonly modelSpeedup?: number;
}

export interface EventResult {
  readonly records: number;
  /** The event's JSON. */
  readonly bytes: number;
  readonly parse: BatchTiming;
  readonly parseAndModels: BatchTiming;
  /** From bytes to validated models, in times of `JSON.parse` alone. */
  readonly ratio: number;
}

export interface DecodeBenchResult {
  readonly shapes: readonly ShapeResult[];
  readonly event?: EventResult;
}

/**
 * Compares the outputs of both decoders on every image, then measures. Throws an Error naming shape and path where they
 * differ, and the signal's reason when aborted.
 */
export async function benchDecode(options: DecodeBenchOptions): Promise<DecodeBenchResult> {
  const shapes: ShapeResult[] = [];
  for (const shape of options.shapes ?? SHAPES) {
    options.onStart?.(shape);
    shapes.push(await benchShape(shape, options));
  }
  if (options.shapes?.includes('sample') === false) return { shapes };
  options.onStart?.('event');
  return { shapes, event: await benchEvent(options) };
}

async function benchShape(shape: ShapeName, options: DecodeBenchOptions): Promise<ShapeResult> {
  const { unmarshall } = options;
  const images = shapeImages(shape, BATCH_RECORDS, options.seed ?? 1);
  assertEqualOutputs(shape, images, unmarshall);

  // Every output is kept until the next batch, as a consumer would, so that making it cannot be optimised away.
  const output: unknown[] = [];
  // Each case has a loop of its own, so that no call site sees two decoders and is compiled for both.
  const cases: BenchCase<'decode' | 'unmarshall' | 'model'>[] = [
    {
      name: 'decode',
      run: () => {
        for (let at = 0; at < images.length; at++) output[at] = decodeImage(images[at]);
        return output;
      },
    },
    {
      name: 'unmarshall',
      run: () => {
        for (let at = 0; at < images.length; at++) output[at] = unmarshall(images[at] as AttributeMap);
        return output;
      },
    },
  ];
  if (shape === 'sample') cases.push({ name: 'model', run: () => decodeModels(images, output) });

  const measured = await measureRounds(cases, roundOptions(options));
  const result = {
    shape,
    records: BATCH_RECORDS,
    itemBytes: itemBytes(images[0] ?? {}),
    decode: timingOf(measured.samplesUs.decode, BATCH_RECORDS),
    unmarshall: timingOf(measured.samplesUs.unmarshall, BATCH_RECORDS),
    speedup: ratioOf(measured, 'decode', 'unmarshall'),
  };
  if (shape !== 'sample') return result;
  return {
    ...result,
    model: timingOf(measured.samplesUs.model, BATCH_RECORDS),
    modelSpeedup: ratioOf(measured, 'model', 'unmarshall'),
  };
}

function decodeModels(images: readonly AttributeMap[], output: unknown[]): unknown {
  for (let at = 0; at < images.length; at++) {
    const result = sampleModel.decode(images[at]);
    if (!result.ok) throw new Error('a sample image does not fit the sample model');
    output[at] = result.value;
  }
  return output;
}

async function benchEvent(options: DecodeBenchOptions): Promise<EventResult> {
  const images = shapeImages('sample', BATCH_RECORDS, options.seed ?? 1);
  const bytes = Buffer.from(JSON.stringify(lambdaEvent(images)));
  const parse = () => parseEvent(bytes);
  const parseAndModels = () => {
    const models: unknown[] = [];
    for (const record of parseEvent(bytes).Records) {
      const result = sampleModel.decode(record.dynamodb?.NewImage);
      if (!result.ok) throw new Error('a sample image does not fit the sample model');
      models.push(result.value);
    }
    return models;
  };
  const measured = await measureRounds(
    [
      { name: 'parse', run: parse },
      { name: 'parseAndModels', run: parseAndModels },
    ],
    roundOptions(options),
  );
  return {
    records: BATCH_RECORDS,
    bytes: bytes.length,
    parse: timingOf(measured.samplesUs.parse, BATCH_RECORDS),
    parseAndModels: timingOf(measured.samplesUs.parseAndModels, BATCH_RECORDS),
    ratio: ratioOf(measured, 'parse', 'parseAndModels'),
  };
}

function parseEvent(bytes: Buffer): { readonly Records: readonly StreamRecord[] } {
  // Cast: the bytes are an event that was made here.
  return JSON.parse(bytes.toString()) as { readonly Records: readonly StreamRecord[] };
}

function assertEqualOutputs(
  shape: ShapeName,
  images: readonly AttributeMap[],
  unmarshall: (image: AttributeMap) => unknown,
): void {
  for (const image of new Set(images)) {
    const path = firstDifference(decodeImage(image), unmarshall(image));
    if (path !== undefined) throw new Error(`the decoders differ on the shape ${shape}, at ${path}`);
  }
}

function roundOptions(options: DecodeBenchOptions): RoundOptions {
  return {
    now: options.now,
    budgetMs: options.budgetMs ?? 1500,
    minRounds: options.minRounds ?? 10,
    maxRounds: options.maxRounds ?? 400,
    batchesPerRound: 5,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}
