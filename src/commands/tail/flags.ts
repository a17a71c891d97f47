// The flags of `tail` as the command line gives them.
import type { ImagesMode } from '../../ui/tail/view.js';
import type { TargetFlags } from '../context.js';

export interface TailFlags extends TargetFlags {
  readonly table?: string;
  readonly from?: 'latest' | 'trim-horizon';
  /** A duration back from now, or an ISO time. */
  readonly since?: string;
  readonly follow?: boolean;
  readonly limit?: number;
  /** Milliseconds. */
  readonly for?: number;
  readonly expect?: number;
  readonly checkpoint?: string;
  readonly shard?: string;
  readonly fromSeq?: string;
  readonly toSeq?: string;
  readonly dlq?: string;
  readonly event?: string;
  readonly key?: readonly string[];
  readonly filter?: readonly string[];
  readonly images?: ImagesMode;
  readonly format?: 'auto' | 'pretty' | 'json' | 'raw';
  readonly template?: string;
  readonly utc?: boolean;
  readonly failOnGap?: boolean;
  /** Milliseconds. */
  readonly failOnStall?: number;
  readonly model?: string;
  readonly json?: boolean;
}
