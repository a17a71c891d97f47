// A stream as AWS (or an emulator) serves it, with everything that goes wrong there, in virtual time. Its life is a
// list of actions with times; they happen when someone looks.
import type { StreamRecord } from '../../../src/model/wire.js';
import type {
  DescribeRequest,
  IteratorPosition,
  RecordsPage,
  ShardListing,
  StreamApi,
  StreamDescription,
  TableStream,
} from '../../../src/stream/api/stream-api.js';
import type { RecordList } from '../../../src/stream/records/record-list.js';
import { scanPage } from '../../../src/stream/records/scan-page.js';

import type { Clock } from '../../../src/stream/time/clock.js';

export interface WrittenRecord {
  readonly seq: bigint;
  readonly shard: string;
  /** Which item, and which of its changes. */
  readonly item: number;
  readonly version: number;
  readonly at: number;
  /** Which of the table's streams, from 1. */
  readonly generation: number;
}

export interface SimulatedShard {
  readonly id: string;
  readonly parent: string | undefined;
  readonly createdAt: number;
  readonly from: number;
  readonly to: number;
  readonly records: WrittenRecord[];
  closedAt: number | undefined;
  /** When listings begin to show it. */
  readonly listedFrom: number;
  /** How many listings in a row left it out. */
  omitted: number;
}

/** Probabilities per call unless said otherwise; all zero is a perfect server. */
export interface Faults {
  readonly throttle: number;
  readonly failure: number;
  readonly expired: number;
  readonly emptyPage: number;
  readonly nullIterator: number;
  readonly describeFailure: number;
  readonly duplicateListing: number;
  readonly omittedListing: number;
  /** A closed shard is listed without its end. */
  readonly openParent: number;
  /** An open shard is listed with an end. */
  readonly endOnOpen: number;
  /** Longest delay, in ms, before a new shard is listed. */
  readonly lateChildMs: number;
}

export const NO_FAULTS: Faults = {
  throttle: 0,
  failure: 0,
  expired: 0,
  emptyPage: 0,
  nullIterator: 0,
  describeFailure: 0,
  duplicateListing: 0,
  omittedListing: 0,
  openParent: 0,
  endOnOpen: 0,
  lateChildMs: 0,
};

export interface SimulatedStreamOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly faults?: Partial<Faults>;
  readonly shards?: number;
  readonly pageSize?: number;
  readonly listingPage?: number;
  /** The round trip of a call, in ms. */
  readonly latencyMs?: number;
  readonly retentionMs?: number;
  readonly iteratorLifeMs?: number;
}

export interface Action {
  readonly at: number;
  readonly run: (stream: SimulatedStream) => void;
}

interface Iterator {
  readonly stream: string;
  readonly shard: SimulatedShard;
  /** The first record wanted: its index in the shard's records. */
  readonly index: number;
  readonly madeAt: number;
}

const ITERATOR_LIFE_MS = 15 * 60_000;
const OMISSIONS_IN_A_ROW = 2;

export class SimulatedStream implements StreamApi {
  readonly shards: SimulatedShard[] = [];
  readonly written: WrittenRecord[] = [];
  readonly calls = { describe: 0, iterator: 0, records: 0, table: 0 };
  /** When each GetRecords was made. */
  readonly reads: { readonly at: number; readonly shard: string }[] = [];
  /** What each GetRecords answered. */
  readonly pages: RecordList[] = [];
  arn = streamArn(1);
  status = 'ENABLED';
  tableExists = true;
  faults: Faults;
  private readonly older = new Map<string, { shards: SimulatedShard[]; status: string }>();
  private readonly versions = new Map<number, number>();
  private readonly iterators = new Map<string, Iterator>();
  private actions: Action[] = [];
  private nextAction = 0;
  private nextIterator = 0;
  private nextShard = 0;
  /** Crosses from 21 to 22 digits early in every run: as text, the order would be wrong. */
  private nextSeq = 999_999_999_999_999_999_950n;
  private readonly parents = new Map<string, string>();
  generation = 1;
  /** While true, the table and the shards can be looked up without faults. */
  isCalm = true;
  /** From then on nothing fails any more. */
  recoversAt = Number.POSITIVE_INFINITY;
  private acting: number | undefined;

  constructor(private readonly options: SimulatedStreamOptions) {
    this.faults = { ...NO_FAULTS, ...options.faults };
    this.openRoots(options.shards ?? 1);
  }

  /** What will happen, in order of time. */
  plan(actions: readonly Action[]): void {
    this.actions = [...actions].sort((a, b) => a.at - b.at);
    this.nextAction = 0;
  }

  get now(): number {
    return this.acting ?? this.options.clock.now();
  }

  /** Lets all happen that is due, each at its own time. */
  catchUp(): void {
    const now = this.options.clock.now();
    for (let action = this.actions[this.nextAction]; action !== undefined && action.at <= now; ) {
      this.acting = action.at;
      action.run(this);
      this.nextAction += 1;
      action = this.actions[this.nextAction];
    }
    this.acting = undefined;
  }

  leaves(): SimulatedShard[] {
    return this.shards.filter((shard) => shard.closedAt === undefined);
  }

  /** True when nothing more will happen. */
  get isOver(): boolean {
    return this.nextAction >= this.actions.length;
  }

  parentOf(id: string): string | undefined {
    return this.parents.get(id);
  }

  write(item: number): WrittenRecord {
    const place = (item * 0.618_033_988_749_895) % 1;
    const shard = this.leaves().find(({ from, to }) => place >= from && place < to);
    if (shard === undefined) throw new Error(`no open shard for item ${item}`);
    const version = (this.versions.get(item) ?? 0) + 1;
    this.versions.set(item, version);
    this.nextSeq += 1n + BigInt(Math.floor(this.options.random() * 40));
    const record = {
      seq: this.nextSeq,
      shard: shard.id,
      item,
      version,
      at: this.now,
      generation: this.generation,
    };
    shard.records.push(record);
    this.written.push(record);
    return record;
  }

  roll(shard: SimulatedShard): void {
    this.close(shard);
    this.open(shard.id, shard.from, shard.to);
  }

  split(shard: SimulatedShard): void {
    this.close(shard);
    const middle = (shard.from + shard.to) / 2;
    this.open(shard.id, shard.from, middle);
    this.open(shard.id, middle, shard.to);
  }

  /** Disables the stream and enables it again: a new ARN with new shards. */
  replace(shards = 1): void {
    for (const shard of this.leaves()) this.close(shard);
    this.older.set(this.arn, { shards: this.shards.splice(0), status: 'DISABLED' });
    this.generation += 1;
    this.arn = streamArn(this.generation);
    this.openRoots(shards);
  }

  /** From then on, the server describes the present stream whichever is asked for, and opens iterators in it. */
  findsByTable = false;

  /**
   * Makes the table again on a server that answers for the old stream as if it lived: enabled, with its shards open, and
   * nothing new in them. The new stream's shards have the old one's ids.
   */
  replaceUnnoticed(): void {
    this.older.set(this.arn, { shards: [...this.shards], status: 'ENABLED' });
    const old = this.shards.splice(0);
    this.generation += 1;
    this.arn = streamArn(this.generation);
    for (const shard of old) {
      this.shards.push({ ...shard, records: [] });
    }
  }

  disable(): void {
    for (const shard of this.leaves()) this.close(shard);
    this.status = 'DISABLED';
  }

  /** Deletes the table with its stream, as some emulators do at once and AWS does after a day. */
  vanish(): void {
    this.tableExists = false;
    this.shards.splice(0);
    this.status = 'GONE';
  }

  async table(): Promise<TableStream | undefined> {
    await this.answer('table');
    if (!this.tableExists) return undefined;
    const streamLabel = labelOf(this.arn);
    return { status: 'ACTIVE', enabled: this.status === 'ENABLED', streamArn: this.arn, streamLabel };
  }

  async describe(arn: string, request: DescribeRequest): Promise<StreamDescription> {
    await this.answer('describe');
    if (!this.isCalm && this.happens('describeFailure')) throw awsError('InternalServerError');
    const { shards, status } = this.generationOf(arn);
    const label = labelOf(this.findsByTable ? this.arn : arn);
    if (request.childrenOf !== undefined) {
      const children = shards.filter(({ parent }) => parent === request.childrenOf);
      return { status, label, viewType: 'NEW_IMAGE', shards: this.listed(children) };
    }
    const from = request.after === undefined ? 0 : shards.findIndex(({ id }) => id === request.after) + 1;
    const page = shards.slice(from, from + (this.options.listingPage ?? 100));
    const last = page.at(-1);
    const hasMore = from + page.length < shards.length;
    return {
      status,
      label,
      viewType: 'NEW_IMAGE',
      shards: this.listed(page),
      ...(hasMore && last !== undefined ? { lastShard: last.id } : {}),
    };
  }

  async iterator(arn: string, id: string, position: IteratorPosition): Promise<string | undefined> {
    await this.answer('iterator');
    const shard = this.shardOf(arn, id);
    const first = this.firstIndex(shard);
    switch (position.type) {
      case 'latest':
        return this.iteratorAt(arn, shard, shard.records.length);
      case 'horizon':
        return this.iteratorAt(arn, shard, first);
      case 'at':
      case 'after': {
        const seq = BigInt(position.seq);
        const index = shard.records.findIndex((r) => (position.type === 'at' ? r.seq >= seq : r.seq > seq));
        const wanted = index === -1 ? shard.records.length : index;
        if (wanted < first) throw awsError('TrimmedDataAccessException');
        return this.iteratorAt(arn, shard, wanted);
      }
    }
  }

  async streams(): Promise<readonly string[]> {
    await this.answer('table');
    return [this.arn, ...this.older.keys()];
  }

  async records(token: string): Promise<RecordsPage> {
    await this.answer('records');
    const iterator = this.iterators.get(token);
    if (iterator === undefined) throw awsError('ValidationException');
    const { shard, index, madeAt, stream } = iterator;
    this.reads.push({ at: this.now, shard: shard.id });
    this.shardOf(stream, shard.id);
    if (this.now - madeAt > (this.options.iteratorLifeMs ?? ITERATOR_LIFE_MS) || this.happens('expired'))
      throw awsError('ExpiredIteratorException');
    if (index < this.firstIndex(shard)) throw awsError('TrimmedDataAccessException');
    const size = this.happens('emptyPage') ? 0 : (this.options.pageSize ?? 1_000);
    const page = shard.records.slice(index, index + size);
    const next = index + page.length;
    const isDrained = shard.closedAt !== undefined && next >= shard.records.length;
    const endsEarly = shard.closedAt === undefined && this.happens('nullIterator');
    this.iterators.delete(token);
    const records = recordsAsBytes(page);
    this.pages.push(records);
    return {
      records,
      ...(isDrained || endsEarly ? {} : { next: this.iteratorAt(stream, shard, next) }),
    };
  }

  private async answer(call: keyof SimulatedStream['calls']): Promise<void> {
    const { latencyMs = 1, clock } = this.options;
    this.calls[call] += 1;
    if (latencyMs > 0) await clock.sleep(latencyMs);
    this.catchUp();
    if (this.isCalm && (call === 'table' || call === 'describe')) return;
    if (this.happens('throttle')) throw awsError('LimitExceededException');
    if (this.happens('failure')) {
      throw this.options.random() < 0.5 ? awsError('InternalServerError') : socketError('ECONNRESET');
    }
  }

  private happens(fault: Exclude<keyof Faults, 'lateChildMs'>): boolean {
    const probability = this.faults[fault];
    return probability > 0 && this.now < this.recoversAt && this.options.random() < probability;
  }

  private listed(shards: readonly SimulatedShard[]): ShardListing[] {
    return shards.flatMap((shard) => {
      if (this.now < shard.listedFrom) return [];
      if (this.isTrimmedAway(shard)) return [];
      if (shard.omitted < OMISSIONS_IN_A_ROW && this.happens('omittedListing')) {
        shard.omitted += 1;
        return [];
      }
      shard.omitted = 0;
      const isClosed = shard.closedAt !== undefined && !this.happens('openParent');
      const showsEnd = isClosed || (shard.closedAt === undefined && this.happens('endOnOpen'));
      const listing: ShardListing = {
        id: shard.id,
        ...(shard.parent === undefined ? {} : { parent: shard.parent }),
        ...(showsEnd ? { end: String(shard.records.at(-1)?.seq ?? this.nextSeq) } : {}),
      };
      return this.happens('duplicateListing') ? [listing, listing] : [listing];
    });
  }

  private generationOf(arn: string): { shards: SimulatedShard[]; status: string } {
    if ((arn === this.arn || this.findsByTable) && this.status !== 'GONE')
      return { shards: this.shards, status: this.status };
    const older = this.older.get(arn);
    if (older === undefined) throw awsError('ResourceNotFoundException');
    return older;
  }

  private shardOf(arn: string, id: string): SimulatedShard {
    const shard = this.generationOf(arn).shards.find((candidate) => candidate.id === id);
    if (shard === undefined || this.isTrimmedAway(shard)) throw awsError('ResourceNotFoundException');
    return shard;
  }

  private iteratorAt(stream: string, shard: SimulatedShard, index: number): string {
    this.nextIterator += 1;
    const token = `iterator-${this.nextIterator}`;
    this.iterators.set(token, { stream, shard, index, madeAt: this.now });
    return token;
  }

  private get horizon(): number {
    return this.now - (this.options.retentionMs ?? 24 * 3_600_000);
  }

  private firstIndex(shard: SimulatedShard): number {
    const { horizon } = this;
    if ((shard.records[0]?.at ?? Number.POSITIVE_INFINITY) >= horizon) return 0;
    const index = shard.records.findIndex(({ at }) => at >= horizon);
    return index === -1 ? shard.records.length : index;
  }

  private isTrimmedAway(shard: SimulatedShard): boolean {
    return shard.closedAt !== undefined && shard.closedAt < this.horizon;
  }

  private openRoots(count: number): void {
    for (let i = 0; i < count; i += 1) this.open(undefined, i / count, (i + 1) / count);
  }

  private open(parent: string | undefined, from: number, to: number): void {
    this.nextShard += 1;
    const createdAt = this.now;
    const id = `shardId-${String(createdAt).padStart(20, '0')}-${this.nextShard.toString(16).padStart(8, '0')}`;
    if (parent !== undefined) this.parents.set(id, parent);
    const late = parent === undefined ? 0 : this.faults.lateChildMs * this.options.random();
    this.shards.push({
      id,
      parent,
      createdAt,
      from,
      to,
      records: [],
      closedAt: undefined,
      listedFrom: createdAt + late,
      omitted: 0,
    });
  }

  private close(shard: SimulatedShard): void {
    shard.closedAt = this.now;
  }
}

function labelOf(arn: string): string {
  return arn.split('/stream/')[1] ?? '';
}

function streamArn(generation: number): string {
  return `arn:aws:dynamodb:us-east-1:000000000000:table/Simulated/stream/2026-01-0${generation}T00:00:00.000`;
}

/** As they come from a server. */
function recordsAsBytes(page: readonly WrittenRecord[]): RecordList {
  const body = JSON.stringify({ Records: page.map(toStreamRecord) });
  const scanned = scanPage(Buffer.from(body));
  if (scanned === undefined) throw new Error('a page that the reader refuses');
  return scanned.records;
}

function toStreamRecord(record: WrittenRecord): StreamRecord {
  return {
    eventID: `${record.shard}-${record.seq}`,
    eventName: record.version === 1 ? 'INSERT' : 'MODIFY',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(record.at / 1_000),
      Keys: { Id: { N: String(record.item) } },
      NewImage: { Id: { N: String(record.item) }, Version: { N: String(record.version) } },
      SequenceNumber: String(record.seq),
      SizeBytes: 20,
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

export function awsError(name: string): Error {
  const error = new Error(`${name} as simulated`);
  error.name = name;
  return error;
}

export function socketError(code: string): Error {
  return Object.assign(new Error(`read ${code}`), { code });
}
