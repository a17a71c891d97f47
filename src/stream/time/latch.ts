// A wait for "something changed": any number of notifications before a wait count as one.

export class Latch {
  private resolve: (() => void) | undefined;
  private isSet = false;

  notify(): void {
    this.isSet = true;
    this.resolve?.();
  }

  /** Resolves when notified since the last wait. For one waiter. */
  async wait(): Promise<void> {
    if (!this.isSet) {
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
      });
    }
    this.isSet = false;
    this.resolve = undefined;
  }
}
