// Where a failed call went. The SDK's errors do not say it, and whoever translates one is far from the target: every
// client notes it on the error as it leaves.
import type { TargetKind } from './target.js';

export interface CallPlace {
  readonly kind: TargetKind;
  readonly region?: string;
  /** Absent for AWS's own endpoints. */
  readonly endpoint?: string;
  readonly profile?: string;
}

const places = new WeakMap<Error, CallPlace>();

/** As much of an SDK client as it takes to hear of its errors. */
interface Client<Input extends object, Output extends object> {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (call: { input: Input }) => Promise<{ output: Output; response: unknown }>,
      ) => (call: { input: Input }) => Promise<{ output: Output; response: unknown }>,
      options: { readonly name: string; readonly step: 'initialize'; readonly priority: 'high' },
    ): void;
  };
}

/** Has the client note the place on every error that it throws; gives the client back. */
export function noteCallPlace<Input extends object, Output extends object, C extends Client<Input, Output>>(
  client: C & Client<Input, Output>,
  place: CallPlace,
): C {
  client.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        if (error instanceof Error) places.set(error, place);
        throw error;
      }
    },
    // The outermost: behind it are credentials, signing, retries and the answer's deserializer.
    { name: 'ddbcdcCallPlace', step: 'initialize', priority: 'high' },
  );
  return client;
}

/** The place of the error or of what caused it; undefined for one that no client of ours threw. */
export function callPlaceOf(error: unknown): CallPlace | undefined {
  for (let e = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth += 1) {
    const place = places.get(e);
    if (place !== undefined) return place;
  }
  return undefined;
}
