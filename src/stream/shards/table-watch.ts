// Whether the stream is still its table's. Some servers answer for a stream that was replaced as if it lived, or as if it
// were the new one: nothing but the table tells.
import { AttemptCount, type OnRetry } from '../api/observe-attempts.js';
import type { ApiCall, StreamApi } from '../api/stream-api.js';
import type { Clock } from '../time/clock.js';

export interface TableWatchContext {
  readonly api: StreamApi;
  readonly streamArn: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The least time between two looks at the table. */
  readonly tableGapMs: number;
  /** Nothing is written to the stream any more: what is in it is all there will be. */
  readonly onEnding: () => void;
  readonly onRetry: OnRetry;
}

const OPERATION = 'DescribeTable';

export class TableWatch {
  /** True once the table has another stream: nothing is written to this one any more, whatever its status says. */
  isReplaced = false;
  /** The label of that other stream, where the server tells. */
  otherLabel: string | undefined;
  private nextCheckAt = 0;

  constructor(private readonly context: TableWatchContext) {}

  /** The table has another stream, of this label. */
  noteReplaced(label: string | undefined): void {
    this.isReplaced = true;
    this.otherLabel = label;
  }

  /** Asks the table for its stream, unless it was asked just now. Never rejects. */
  async check(): Promise<void> {
    const { api, streamArn, clock, signal, tableGapMs, onEnding, onRetry } = this.context;
    if (this.isReplaced || clock.now() < this.nextCheckAt) return;
    this.nextCheckAt = clock.now() + tableGapMs;
    try {
      const found = await api.table(this.call());
      if (found?.streamArn === undefined || found.streamArn === streamArn || !found.enabled) return;
      this.noteReplaced(found.streamLabel);
      onEnding();
    } catch (error) {
      // The next look will tell; reading goes on meanwhile.
      if (signal.aborted) return;
      onRetry({ operation: OPERATION, error, attempt: 1, delayMs: tableGapMs, waited: false });
    }
  }

  /** True when the stream is not the table's any more. One that is not found either is then gone for good. */
  async hasLost(): Promise<boolean> {
    const { api, streamArn } = this.context;
    try {
      return (await api.table(this.call()))?.streamArn !== streamArn;
    } catch {
      return false;
    }
  }

  private call(): ApiCall {
    const { signal, onRetry } = this.context;
    return { signal, onRetried: new AttemptCount(onRetry, { operation: OPERATION }).onRetried };
  }
}
