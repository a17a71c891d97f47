// What is known of a stream's shards, and which of them may be read now. Pure: it owns the order (a parent is drained
// before its children, or per-item order is lost) and knows nothing of reading, time or the network.
import type { ShardListing } from '../api/stream-api.js';
import { shardCreatedAt } from './shard-id.js';

/** `waiting` for its parent (or to be begun), `reading`, or `done`: drained, skipped or gone. */
export type ShardPhase = 'waiting' | 'reading' | 'done';

export interface ShardNode {
  readonly id: string;
  readonly parent: string | undefined;
  end: string | undefined;
  /** The end number once it is certain: listed after the shard had children, so that nothing could follow it. */
  finalEnd: string | undefined;
  phase: ShardPhase;
  doneAt: number | undefined;
  /** False when the last complete listing did not have it. */
  isListed: boolean;
}

export interface MergeContext {
  /** True when every page of the listing arrived: only then does an absent shard mean anything. */
  readonly complete: boolean;
  /** True when the whole listing was asked for after the last one was taken in. */
  readonly isFresh: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How long a stream keeps data, and with it a closed shard. */
export const RETENTION_MS = 24 * 3_600_000;
/**
 * A listing lags behind the truth for a moment: how often in a row a parent must be absent before it counts as gone,
 * when nothing tells its age, and when its age says that it cannot be gone.
 */
const ABSENCES_NEEDED = 3;
const ABSENCES_OF_THE_YOUNG = 20;

export class Lineage {
  private readonly nodes = new Map<string, ShardNode>();
  /** Parents that are named by a shard and listed by none: how many more complete listings must lack them. */
  private readonly absences = new Map<string, number>();
  /** Children that are known, by parent, whether the parent is listed or not. */
  private readonly referenced = new Map<string, string[]>();
  private readonly doneBefore = new Set<string>();
  private readonly tally: Record<ShardPhase, number> = { waiting: 0, reading: 0, done: 0 };

  constructor(private readonly retentionMs = RETENTION_MS) {}

  /** Takes in what was listed, in any order, repeated or partial. Returns the shards that are new. */
  merge(listings: readonly ShardListing[], context: MergeContext): ShardNode[] {
    const added: ShardNode[] = [];
    const hadChildren = new Set(this.referenced.keys());
    for (const listing of listings) {
      const known = this.nodes.get(listing.id);
      if (known !== undefined) {
        known.end = listing.end ?? known.end;
        if (context.isFresh && hadChildren.has(known.id)) known.finalEnd = listing.end ?? known.finalEnd;
        continue;
      }
      const parent = this.makesLoop(listing) ? undefined : listing.parent;
      const node: ShardNode = {
        id: listing.id,
        parent,
        end: listing.end,
        finalEnd: undefined,
        phase: 'waiting',
        doneAt: undefined,
        isListed: true,
      };
      this.tally.waiting += 1;
      this.nodes.set(node.id, node);
      added.push(node);
      if (parent !== undefined) this.reference(parent, node.id);
    }
    if (context.complete) this.countAbsences(listings, context.now);
    return added;
  }

  /** Names shards that an earlier tail read to their end: their children need not wait for them to be listed. */
  assumeDone(ids: Iterable<string>): void {
    for (const id of ids) this.doneBefore.add(id);
  }

  /** True for a shard that is read to its end, in this tail or an earlier one. */
  isDone(id: string): boolean {
    return this.doneBefore.has(id) || this.nodes.get(id)?.phase === 'done';
  }

  get(id: string): ShardNode | undefined {
    return this.nodes.get(id);
  }

  all(): Iterable<ShardNode> {
    return this.nodes.values();
  }

  get size(): number {
    return this.nodes.size;
  }

  childrenOf(id: string): readonly string[] {
    return this.referenced.get(id) ?? [];
  }

  /** True when nothing more can be written to the shard: it has an end, or a child that names it. */
  isClosed(id: string): boolean {
    return this.nodes.get(id)?.end !== undefined || this.childrenOf(id).length > 0;
  }

  /** The waiting shards that may be begun now: those whose parent is done, or gone from the stream. */
  ready(): ShardNode[] {
    const found: ShardNode[] = [];
    for (const node of this.nodes.values()) {
      if (node.phase === 'waiting' && this.isPast(node.parent)) found.push(node);
    }
    return found;
  }

  begin(id: string): void {
    this.moveTo(id, 'reading');
  }

  finish(id: string, now: number): void {
    this.moveTo(id, 'done');
    const node = this.nodes.get(id);
    if (node !== undefined) node.doneAt = now;
  }

  /** True while some waiting shard names a parent that no listing has shown, and that is not yet counted as gone. */
  get hasUnconfirmedParents(): boolean {
    for (const left of this.absences.values()) if (left > 0) return true;
    return false;
  }

  /** `open` are being read, or read to their tip; `closed` read to their end; `waiting` wait for their parents. */
  counts(): { open: number; closed: number; waiting: number } {
    let tips = 0;
    for (const node of this.nodes.values()) if (node.phase === 'done' && !this.isClosed(node.id)) tips += 1;
    return { open: this.tally.reading + tips, closed: this.tally.done - tips, waiting: this.tally.waiting };
  }

  /**
   * Forgets shards that were done long ago, and that a complete listing no longer has: they cannot be listed again, and
   * a tail of weeks does not grow.
   */
  forget(listed: ReadonlySet<string>, now: number): void {
    for (const node of this.nodes.values()) {
      if (node.doneAt === undefined || listed.has(node.id)) continue;
      if (node.doneAt > now - 2 * this.retentionMs) continue;
      if (this.childrenOf(node.id).some((child) => this.nodes.get(child)?.phase === 'waiting')) continue;
      this.tally.done -= 1;
      this.nodes.delete(node.id);
      this.referenced.delete(node.id);
    }
  }

  private moveTo(id: string, phase: ShardPhase): void {
    const node = this.nodes.get(id);
    if (node === undefined) return;
    this.tally[node.phase] -= 1;
    this.tally[phase] += 1;
    node.phase = phase;
  }

  private isPast(parent: string | undefined): boolean {
    if (parent === undefined) return true;
    const node = this.nodes.get(parent);
    if (node !== undefined) return node.phase === 'done';
    if (this.doneBefore.has(parent)) return true;
    return this.absences.get(parent) === 0;
  }

  private reference(parent: string, child: string): void {
    const children = this.referenced.get(parent);
    if (children === undefined) this.referenced.set(parent, [child]);
    else children.push(child);
  }

  /** A parent of itself, however far up, would wait for itself for ever. */
  private makesLoop(listing: ShardListing): boolean {
    let up = listing.parent;
    for (let steps = 0; up !== undefined && steps <= this.nodes.size; steps += 1) {
      if (up === listing.id) return true;
      up = this.nodes.get(up)?.parent;
    }
    return false;
  }

  private countAbsences(listings: readonly ShardListing[], now: number): void {
    const listed = new Set(listings.map(({ id }) => id));
    for (const node of this.nodes.values()) node.isListed = listed.has(node.id);
    const wanted = new Map<string, ShardNode>();
    for (const node of this.nodes.values()) {
      if (node.phase !== 'waiting' || node.parent === undefined || this.nodes.has(node.parent)) continue;
      wanted.set(node.parent, node);
    }
    for (const parent of this.absences.keys()) if (!wanted.has(parent)) this.absences.delete(parent);
    for (const [parent, child] of wanted) {
      const left = this.absences.get(parent) ?? this.absencesNeeded(child.id, now);
      this.absences.set(parent, this.isPastRetention(child.id, now) ? 0 : Math.max(0, left - 1));
    }
  }

  private absencesNeeded(child: string, now: number): number {
    if (this.isPastRetention(child, now)) return 0;
    return shardCreatedAt(child) === undefined ? ABSENCES_NEEDED : ABSENCES_OF_THE_YOUNG;
  }

  /** A shard was closed when its child was made, and stays for as long as the data after that. */
  private isPastRetention(child: string, now: number): boolean {
    const closedAt = shardCreatedAt(child);
    return closedAt !== undefined && closedAt < now - this.retentionMs;
  }
}
