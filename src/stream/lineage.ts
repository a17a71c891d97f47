// What is known of a stream's shards, and which of them may be read now. Pure: it owns the order (a parent is drained
// before its children, or per-item order is lost) and knows nothing of reading, time or the network.
import { shardCreatedAt } from './shard-id.js';

/** A shard as DescribeStream lists it. */
export interface ShardListing {
  readonly id: string;
  readonly parent?: string;
  /** Present on a closed shard; some servers report one on an open shard too. */
  readonly end?: string;
}

/** `waiting` for its parent (or to be begun), `reading`, or `done`: drained, skipped or gone. */
export type ShardPhase = 'waiting' | 'reading' | 'done';

export interface ShardNode {
  readonly id: string;
  readonly parent: string | undefined;
  end: string | undefined;
  phase: ShardPhase;
  /** False when the last complete listing did not have it. */
  isListed: boolean;
}

export interface MergeContext {
  /** True when every page of the listing arrived: only then does an absent shard mean anything. */
  readonly complete: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Data lives for 24 hours, and so does every shard at least: a parent older than this may well be gone. */
export const RETENTION_MS = 24 * 3_600_000;
/** A listing lags behind the truth for a moment: how often a younger parent must be absent before it counts as gone. */
const ABSENCES_NEEDED = 3;

export class Lineage {
  private readonly nodes = new Map<string, ShardNode>();
  /** Parents that are named by a shard and listed by none: how many complete listings in a row lacked them. */
  private readonly absences = new Map<string, number>();
  /** Children that are known, by parent, whether the parent is listed or not. */
  private readonly referenced = new Map<string, string[]>();
  private readonly tally: Record<ShardPhase, number> = { waiting: 0, reading: 0, done: 0 };

  /** Takes in what was listed, in any order, repeated or partial. Returns the shards that are new. */
  merge(listings: readonly ShardListing[], context: MergeContext): ShardNode[] {
    const added: ShardNode[] = [];
    for (const listing of listings) {
      const known = this.nodes.get(listing.id);
      if (known !== undefined) {
        known.end ??= listing.end;
        continue;
      }
      const parent = this.makesLoop(listing) ? undefined : listing.parent;
      const node: ShardNode = { id: listing.id, parent, end: listing.end, phase: 'waiting', isListed: true };
      this.tally.waiting += 1;
      this.nodes.set(node.id, node);
      added.push(node);
      if (parent !== undefined) this.reference(parent, node.id);
    }
    if (context.complete) this.countAbsences(listings, context.now);
    return added;
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

  finish(id: string): void {
    this.moveTo(id, 'done');
  }

  /** True while some waiting shard names a parent that no listing has shown, and that is not yet counted as gone. */
  get hasUnconfirmedParents(): boolean {
    for (const count of this.absences.values()) if (count < ABSENCES_NEEDED) return true;
    return false;
  }

  /** `open` are being read, `closed` are done, `waiting` wait for their parents. */
  counts(): { open: number; closed: number; waiting: number } {
    return { open: this.tally.reading, closed: this.tally.done, waiting: this.tally.waiting };
  }

  /**
   * Forgets done shards that a complete listing no longer has and that are too old to be listed again, so that a tail
   * of weeks does not grow.
   */
  forget(listed: ReadonlySet<string>, now: number): void {
    for (const node of this.nodes.values()) {
      const createdAt = shardCreatedAt(node.id);
      if (node.phase !== 'done' || listed.has(node.id)) continue;
      if (createdAt === undefined || createdAt > now - 2 * RETENTION_MS) continue;
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
    return (this.absences.get(parent) ?? 0) >= ABSENCES_NEEDED;
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
    const wanted = new Set<string>();
    for (const node of this.nodes.values()) {
      if (node.phase === 'waiting' && node.parent !== undefined && !this.nodes.has(node.parent)) {
        wanted.add(node.parent);
      }
    }
    for (const parent of this.absences.keys()) {
      if (!wanted.has(parent) || listed.has(parent)) this.absences.delete(parent);
    }
    for (const parent of wanted) {
      const createdAt = shardCreatedAt(parent);
      const isOld = createdAt !== undefined && createdAt < now - RETENTION_MS;
      this.absences.set(parent, isOld ? ABSENCES_NEEDED : (this.absences.get(parent) ?? 0) + 1);
    }
  }
}
