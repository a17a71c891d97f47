// Reads members of request bodies with AWS's own validation errors.
import { ServiceError } from '../service.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The error type that the service uses for a bad member: Lambda and CloudWatch Logs differ. */
export type InvalidFieldType = 'InvalidParameterValueException' | 'InvalidParameterException';

/** Typed access to the members of one request body. Absent and null are the same, as in AWS's own parsers. */
export class FieldReader {
  constructor(
    readonly fields: Fields,
    readonly invalidType: InvalidFieldType = 'InvalidParameterValueException',
  ) {}

  invalid(message: string): ServiceError {
    return new ServiceError(this.invalidType, message);
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null;
  }

  text(name: string): string | undefined {
    return this.#typed(name, (value) => typeof value === 'string', 'a string') as string | undefined;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw this.#constraint(name, value, 'Member must not be null');
    return value;
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, (value) => typeof value === 'boolean', 'a boolean') as boolean | undefined;
  }

  number(name: string): number | undefined {
    return this.#typed(name, (value) => typeof value === 'number', 'a number') as number | undefined;
  }

  /** An integer within inclusive bounds. */
  integer(name: string, minimum: number, maximum: number): number | undefined {
    const value = this.number(name);
    if (value === undefined) return undefined;
    if (!Number.isInteger(value)) throw this.#constraint(name, value, 'Member must be an integer');
    if (value < minimum) {
      throw this.#constraint(name, value, `Member must have value greater than or equal to ${minimum}`);
    }
    if (value > maximum) {
      throw this.#constraint(name, value, `Member must have value less than or equal to ${maximum}`);
    }
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) {
      throw this.#constraint(name, value, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
    }
    return found;
  }

  object(name: string): Fields | undefined {
    return this.#typed(
      name,
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'an object',
    ) as Fields | undefined;
  }

  texts(name: string): readonly string[] | undefined {
    return this.#typed(
      name,
      (value) => Array.isArray(value) && value.every((element) => typeof element === 'string'),
      'a list of strings',
    ) as readonly string[] | undefined;
  }

  objects(name: string): readonly Fields[] | undefined {
    return this.#typed(
      name,
      (value) =>
        Array.isArray(value) && value.every((element) => typeof element === 'object' && element !== null),
      'a list of objects',
    ) as readonly Fields[] | undefined;
  }

  /** A map of text to text, such as tags and environment variables. */
  textMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.#typed(
      name,
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((element) => typeof element === 'string'),
      'a map of strings',
    ) as Readonly<Record<string, string>> | undefined;
  }

  #typed(name: string, matches: (value: unknown) => boolean, kind: string): unknown {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    if (!matches(value)) throw new ServiceError('SerializationException', `${name} must be ${kind}`);
    return value;
  }

  #constraint(name: string, value: unknown, constraint: string): ServiceError {
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    const shown = value === undefined ? 'null' : `'${String(value)}'`;
    return this.invalid(
      `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`,
    );
  }
}

/** Parses a JSON body; an empty one is an empty object. */
export function parseBody(body: Uint8Array): Fields {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ServiceError('SerializationException', 'The request body must be a JSON object');
  }
  return value as Fields;
}
