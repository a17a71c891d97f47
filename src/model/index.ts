// The model part of the library: attribute values in, typed values out.
export type {
  Change,
  DecodedItem,
  DecodedValue,
  DecodeResult,
  Infer,
  Issue,
  Model,
  UserIdentity,
} from './change.js';
export { compareDecimals, DecimalNumber, decimalNumber } from './decimal.js';
export { decodeImage, decodeValue } from './decode-image.js';
export { decodeRecord } from './decode-record.js';
export { defineModel, lenient, type ModelOptions, type ObjectModel } from './define-model.js';
export { applyDifferences, type Difference, diffImages, sameValue } from './diff-images.js';
export { EncodeError, type EncodeOptions, encodeImage, encodeValue } from './encode-image.js';
export { Field, type Fields, type ObjectOf, type ValueOf } from './field.js';
export { fromPlainJson, itemFromPlainJson, PlainJsonError } from './from-plain-json.js';
export { fromSchema, type StandardSchema } from './from-schema.js';
export type {
  EntityDescription,
  FieldDescription,
  KindDescription,
  MemberDescription,
  ModelDescription,
} from './infer/description.js';
export { type InferOptions, inferModel } from './infer/infer-model.js';
export { type RenderOptions, renderModelFile } from './infer/render-model-file.js';
export { formatIssue } from './issue.js';
export { listOf, mapOf, object } from './kinds/containers.js';
export { enumOf, epochMillis, epochSeconds, isoDate, jsonText, literal, unknown } from './kinds/derived.js';
export { bigint, binary, boolean, decimal, int32, integer, number, string } from './kinds/scalars.js';
export { binarySet, numberSet, stringSet } from './kinds/sets.js';
export { ModelError } from './model-error.js';
export { oneOf, type VariantOf } from './one-of.js';
export { isPlainJson, type PlainJson, plainJsonOf } from './plain-json.js';
export { type SampleModel, sampleModel } from './sample-model.js';
export { stringifyPlainJson, toPlainJson } from './to-plain-json.js';
export { BinarySet, Malformed, NumberSet, StringSet } from './values.js';
export type {
  AttributeMap,
  AttributeValue,
  EventName,
  StreamRecord,
  StreamViewType,
  WireBinary,
  WireIdentity,
} from './wire.js';
