// What was opened, closed in the reverse order, once, whoever asks first.

export interface Teardown {
  add(step: () => unknown): void;
  /** Runs every step, one after the other. A second call waits for the first. Never rejects. */
  run(): Promise<void>;
  /** Resolves after the last step. */
  readonly done: Promise<void>;
}

/** One step that fails is reported and must not keep the others (the lock above all) from running. */
export function createTeardown(onError: (error: unknown) => void): Teardown {
  const steps: (() => unknown)[] = [];
  let running: Promise<void> | undefined;
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  async function runSteps(): Promise<void> {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step();
      } catch (error) {
        onError(error);
      }
    }
    finish();
  }
  return {
    add: (step) => void steps.push(step),
    run() {
      running ??= runSteps();
      return running;
    },
    done,
  };
}
