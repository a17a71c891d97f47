// The value types that JavaScript has no own type for. Sets are Sets, so that `has`, spreading and validators work, and
// say which of DynamoDB's three they are, so that an empty or re-encoded one keeps its type.
import type { DecimalNumber } from './decimal.js';

/** `SS`. */
export class StringSet extends Set<string> {}

/** `NS`. A member that no double holds is a `DecimalNumber`, found by identity: use `.equals` to search. */
export class NumberSet extends Set<number | DecimalNumber> {}

/** `BS`. Members are found by identity. */
export class BinarySet extends Set<Uint8Array> {}

/**
 * Something on the wire that is not an attribute value: an unknown type tag, a number that is none, nesting without end.
 * It is kept as it came, so that encoding gives it back and nothing is lost.
 */
export class Malformed {
  readonly wire: unknown;
  /** What an attribute value would have been there. */
  readonly expected: string;

  constructor(wire: unknown, expected: string) {
    this.wire = wire;
    this.expected = expected;
  }
}

/** Sets `name` also where it is `__proto__`, which assignment would take for the prototype. */
export function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}

/** True for an object that stands for a map: not an array, bytes, a set or another value type. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
