// How far a named tail has come, as values: what the file holds, and how the journal's lines move it on. Pure.
import { compareSequences } from '../records/sequence.js';

export interface ShardProgress {
  /** The last sequence number that the consumer has taken. */
  after?: string;
  /** True when the shard is read to its end, or was not wanted. */
  done?: true;
}

export interface Progress {
  readonly version: 1;
  readonly name: string;
  readonly streamArn: string;
  /** Records created before this (ms since the epoch) were not asked for; 0 when all were. */
  readonly base: number;
  /** When the named tail began first, in ms since the epoch. */
  readonly startedAt: number;
  readonly savedAt: number;
  /** The first journal whose lines are not in here yet. */
  readonly journal: number;
  readonly shards: Readonly<Record<string, ShardProgress>>;
}

/** A line of the journal. */
export type JournalEntry =
  /** The consumer has taken everything in the shard up to here. */
  | { readonly type: 'taken'; readonly shard: string; readonly seq: string }
  | { readonly type: 'done'; readonly shard: string }
  /** A batch is being handed out: after a crash, its next change may have been shown or not. */
  | { readonly type: 'batch'; readonly shard: string }
  | { readonly type: 'batchTaken'; readonly shard: string };

export function formatEntry(entry: JournalEntry): string {
  switch (entry.type) {
    case 'taken':
      return `t ${entry.shard} ${entry.seq}\n`;
    case 'done':
      return `d ${entry.shard}\n`;
    case 'batch':
      return `b ${entry.shard}\n`;
    case 'batchTaken':
      return `e ${entry.shard}\n`;
  }
}

/** The entries of a journal. A last line without its end was being written when the process died. */
export function parseJournal(text: string): JournalEntry[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line): JournalEntry[] => {
    const [kind, shard = '', seq = ''] = line.split(' ');
    if (shard === '') return [];
    if (kind === 'd') return [{ type: 'done', shard }];
    if (kind === 'e') return [{ type: 'batchTaken', shard }];
    if (kind === 'b') return [{ type: 'batch', shard }];
    return kind === 't' && /^\d+$/.test(seq) ? [{ type: 'taken', shard, seq }] : [];
  });
}

/** Where a tail is: shards, and those among them of which a batch is in hand. */
export interface Position {
  readonly shards: Map<string, ShardProgress>;
  readonly inHand: Set<string>;
}

/** Moves on; never back, so that entries may be applied again. */
export function applyEntry({ shards, inHand }: Position, entry: JournalEntry): void {
  switch (entry.type) {
    case 'taken': {
      const { after, ...rest } = shards.get(entry.shard) ?? {};
      const isFurther = after === undefined || compareSequences(entry.seq, after) > 0;
      shards.set(entry.shard, { ...rest, after: isFurther ? entry.seq : after });
      return;
    }
    case 'done':
      shards.set(entry.shard, { ...shards.get(entry.shard), done: true });
      return;
    case 'batch':
      inHand.add(entry.shard);
      return;
    case 'batchTaken':
      inHand.delete(entry.shard);
      return;
  }
}
