// A field: how one attribute becomes one property. Reading has two halves. `read` is hot and only says yes or no; `explain`
// runs after a no, and finds every issue with its path. Both are small closures made once, when the model is defined.
import type { Issue } from './change.js';
import { describeWire } from './issue.js';

/** What `read` gives for a value that does not fit. */
export const FAILED: unique symbol = /* @__PURE__ */ Symbol('failed');
export type Failed = typeof FAILED;

export type Path = readonly (string | number)[];
/** An attribute value that has not been looked into yet. */
export type Wire = { readonly [tag: string]: unknown };

/** The reading of one type of value: made by `string()`, `listOf(…)` and the others, and wrapped in a `Field`. */
export interface Kind<T> {
  /** What is expected, in words: `N (32-bit integer)`. */
  readonly expected: string;
  /** The one type tag that is read, with `fromPayload`; absent where `read` looks at the whole attribute value. */
  readonly tag?: string;
  /** The tag's payload to a value. Absent: the payload itself, once `isPayload` holds. */
  readonly fromPayload?: (payload: unknown) => T | Failed;
  /** An attribute value, never undefined, to a value. */
  readonly read: (wire: Wire) => T | Failed;
  /** Appends at least one issue for a value that `read` refused. */
  readonly explain: (wire: Wire, path: Path, issues: Issue[]) => void;
  /** The same kind that never fails, of a container, whose members must not fail either. Others: see `lenientKind`. */
  readonly lenient?: () => Kind<T>;
  /** What stands for a value that is missing or does not fit, where the user chose `lenient`. */
  readonly zero: () => T;
}

/** `required` has to be there, `optional` may be absent from the result, `default` is filled in. */
export type Presence = 'required' | 'optional' | 'default';

interface FieldState<T> {
  readonly kind: Kind<T>;
  readonly attribute: string | undefined;
  readonly presence: Presence;
  readonly nullable: boolean;
  readonly fallback: (() => T) | undefined;
}

/** One field of a model. Immutable: each modifier gives a new field. */
export class Field<T, Optional extends boolean = false> {
  readonly state: FieldState<T>;
  /** Holds the type that says whether the property may be absent; there is no such property. */
  declare readonly isOptional: Optional;

  constructor(state: FieldState<T>) {
    this.state = state;
  }

  /** The attribute may be missing: then so is the property. */
  optional(): Field<T, true> {
    return new Field({ ...this.state, presence: 'optional' });
  }

  /** The attribute may be NULL: then the property is null. Being absent is something else: see `optional`. */
  nullable(): Field<T | null, Optional> {
    const { kind, fallback, ...rest } = this.state;
    return new Field<T | null, Optional>({ ...rest, kind, fallback, nullable: true });
  }

  /** A missing attribute becomes `value`, or what it returns. A value that is there but does not fit is still an issue. */
  default(value: T | (() => T)): Field<T> {
    // Cast: no kind reads a function, so a function can only be the factory.
    const fallback = typeof value === 'function' ? (value as () => T) : () => value;
    return new Field({ ...this.state, presence: 'default', fallback });
  }
}

/** A required field of a kind. `attribute` is the name on the wire where it is not the property's. */
export function fieldOf<T>(kind: Kind<T>, attribute: string | undefined): Field<T> {
  return new Field({ kind, attribute, presence: 'required', nullable: false, fallback: undefined });
}

/** The field's value type. */
export type ValueOf<F> = F extends Field<infer T, boolean> ? T : never;

export type Fields = { readonly [name: string]: Field<unknown, boolean> };

/** The object type of a set of fields; optional fields give optional properties. */
export type ObjectOf<F extends Fields> = {
  -readonly [K in keyof F as F[K] extends Field<unknown, false> ? K : never]: ValueOf<F[K]>;
} & {
  -readonly [K in keyof F as F[K] extends Field<unknown, false> ? never : K]?: ValueOf<F[K]>;
} extends infer O
  ? { [K in keyof O]: O[K] }
  : never;

export function issueAt(wire: unknown, path: Path, code: string, expected: string): Issue {
  return { path, code, expected, received: describeWire(wire) };
}

/** What is wrong with an attribute that should be there and is not. */
export function missingIssue(path: Path, expected: string): Issue {
  return issueAt(undefined, path, 'missing', expected);
}

/**
 * The kind of a single type tag. `fromPayload` turns the payload into a value or refuses it, and has to refuse undefined;
 * `refusal` is what refusing a payload is called: `parse` for text that is none of the kind, `range` for out of bounds.
 */
export function payloadKind<T>(options: {
  readonly tag: string;
  readonly expected: string;
  readonly fromPayload: (payload: unknown) => T | Failed;
  readonly refusal: 'type' | 'parse' | 'range' | ((payload: unknown) => string);
  readonly zero: () => T;
}): Kind<T> {
  const { tag, expected, fromPayload, refusal, zero } = options;
  return {
    tag,
    expected,
    fromPayload,
    zero,
    read: (wire) => fromPayload(wire[tag]),
    explain: (wire, path, issues) => {
      const payload = wire[tag];
      const code = typeof refusal === 'string' ? refusal : refusal(payload);
      issues.push(issueAt(wire, path, payload === undefined ? 'type' : code, expected));
    },
  };
}

/** The same kind that never fails: what it cannot read becomes `zero`. */
export function lenientKind<T>(kind: Kind<T>): Kind<T> {
  if (kind.lenient !== undefined) return kind.lenient();
  const { expected, explain, zero } = kind;
  const read = (wire: Wire): T => {
    const value = kind.read(wire);
    return value === FAILED ? zero() : value;
  };
  return { expected, explain, zero, read };
}
