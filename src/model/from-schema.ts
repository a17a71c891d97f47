// Any validator that follows Standard Schema (zod, valibot, arktype) as a model: the image is decoded generically, and the
// schema judges the result. The specification's interface is a few types, repeated here so that nothing is imported.
import type { DecodedItem, DecodeResult, Issue, Model } from './change.js';
import { decodeImage } from './decode-image.js';
import { notAnImage, parserOf } from './define-model.js';
import { describeScalar } from './issue.js';

/** Standard Schema, version 1: https://standardschema.dev */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * A model that validates decoded items with a schema. The schema sees what `decodeImage` gives: numbers, or
 * `DecimalNumber` where no double holds the value, Sets, `Uint8Array`. Throws a TypeError for what is no Standard
 * Schema, or one that validates asynchronously; a schema that turns asynchronous later is an issue `async`.
 */
export function fromSchema<Output>(
  schema: StandardSchema<Output>,
  options: { readonly name?: string } = {},
): Model<Output> {
  const standard = schema['~standard'];
  if (typeof standard?.validate !== 'function') {
    throw new TypeError(
      'fromSchema takes a Standard Schema: an object of zod, valibot or arktype, for example',
    );
  }
  const name = options.name ?? `${standard.vendor} schema`;
  refuseAsync(standard.validate, name);

  function decode(image: unknown): DecodeResult<Output> {
    if (typeof image !== 'object' || image === null || Array.isArray(image)) return notAnImage(image);
    const malformed: Issue[] = [];
    const item = decodeImage(image, malformed);
    if (malformed.length > 0) return { ok: false, issues: malformed };
    try {
      const result = standard.validate(item);
      if (result instanceof Promise) return failed(asyncIssue(result));
      if (result.issues === undefined) return { ok: true, value: result.value };
      return { ok: false, issues: result.issues.map((issue) => issueOf(issue, item)) };
    } catch (error) {
      // A schema's own code may throw; an item must not be able to stop the tail.
      return failed({
        path: [],
        code: 'custom',
        expected: `${name} to validate`,
        received: error instanceof Error ? error.message : describeScalar(error),
      });
    }
  }

  return { name, decode, parse: parserOf(name, decode) };
}

// Most asynchronous schemas answer even an empty item with a promise, so they are found before the first record.
function refuseAsync(validate: (value: unknown) => unknown, name: string): void {
  let result: unknown;
  try {
    result = validate({});
  } catch {
    return;
  }
  if (!(result instanceof Promise)) return;
  result.catch(() => undefined);
  throw new TypeError(
    `${name} validates asynchronously, or throws in a check of its own; records are decoded synchronously, ` +
      'so remove async checks and transforms',
  );
}

function asyncIssue(result: Promise<unknown>): Issue {
  // Nobody waits for it, and its failure must not end the process.
  result.catch(() => undefined);
  return {
    path: [],
    code: 'async',
    // zod answers with a promise, too, where a synchronous check or transform throws.
    expected: 'a schema that validates synchronously and does not throw',
    received: 'a promise',
  };
}

function failed(issue: Issue): { readonly ok: false; readonly issues: readonly Issue[] } {
  return { ok: false, issues: [issue] };
}

function issueOf(issue: StandardIssue, item: DecodedItem): Issue {
  const path: (string | number)[] = [];
  let at: unknown = item;
  for (const step of issue.path ?? []) {
    const key = typeof step === 'object' ? step.key : step;
    path.push(typeof key === 'number' ? key : String(key));
    at = typeof at === 'object' && at !== null ? (at as { [key: PropertyKey]: unknown })[key] : undefined;
  }
  return {
    path,
    code: 'custom',
    expected: issue.message,
    received: at === undefined ? 'nothing' : describeScalar(at),
  };
}
