// How many invocations of one function run at once. Over a reserved concurrency they are refused, as Lambda does;
// over what a developer's machine can bear they wait for each other.
import { ServiceError } from '../service.js';

const MAX_RUNNING = 10;

export class Admission {
  /** Invocations that run or wait to. */
  #active = 0;
  readonly #waiting: (() => void)[] = [];

  get active(): number {
    return this.#active;
  }

  /** Resolves when the invocation may run; `leave` must follow. Throws TooManyRequestsException. */
  async enter(reserved: number | undefined): Promise<void> {
    if (reserved !== undefined && this.#active >= reserved) {
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
      });
    }
    this.#active += 1;
    if (this.#active > MAX_RUNNING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    this.#active -= 1;
    this.#waiting.shift()?.();
  }

  /** Lets everybody in who waits: they will find the engine closed. */
  open(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
