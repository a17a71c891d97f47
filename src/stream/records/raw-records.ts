// A page as it came: its bytes, and where in them each record and its fields are. Made by `scanPage`, which has checked
// that all of it is valid JSON, so that any part can be parsed by itself, or copied.
import { ByteWriter, bytesOf } from '../../model/bytes/byte-writer.js';
import type { StreamRecord } from '../../model/wire.js';
import type { RecordList } from './record-list.js';

/** What is known of a record, as indexes into the page's bytes; 0 for what it does not have. Ends are exclusive. */
export const FIELD = {
  start: 0,
  end: 1,
  /** The first letter of the event's name, behind the quote. */
  event: 2,
  /** With their quotes. */
  eventId: 3,
  eventIdEnd: 4,
  sequence: 5,
  sequenceEnd: 6,
  /** The braces of the images. */
  keys: 7,
  newImage: 8,
  newImageEnd: 9,
  oldImage: 10,
  oldImageEnd: 11,
  /** 1 when the record has what only its parsed form can tell of: a user identity, a field of another type than it has. */
  isOdd: 12,
} as const;
type Field = (typeof FIELD)[keyof typeof FIELD];

const FIELDS_A_RECORD = 13;
const NOTHING = Buffer.alloc(0);
const OPEN_LIST = bytesOf('[');
const CLOSE_LIST = bytesOf(']');
const COMMA = bytesOf(',');
const NULL = bytesOf('null');
/** Where texts are put together to be parsed at once, and are done with. */
const scratch = new ByteWriter(0);
const FIRST_CAPACITY = 64;

export class RawRecords implements RecordList {
  length = 0;
  isAscending = true;
  private fields = new Int32Array(0);
  private createdAts = new Float64Array(0);

  /** `onRelease` is called when nobody reads the bytes any more. */
  constructor(
    private page: Buffer,
    private readonly onRelease: () => void,
  ) {}

  get bytes(): Buffer {
    return this.page;
  }

  release(): void {
    if (this.page === NOTHING) return;
    this.page = NOTHING;
    this.length = 0;
    this.onRelease();
  }

  /** Begins a record; what is set from then on is its. */
  add(start: number): void {
    this.length += 1;
    if (this.length > this.createdAts.length) this.grow();
    this.createdAts[this.length - 1] = Number.NaN;
    this.set(FIELD.start, start);
  }

  /** A field of the record that was begun last. */
  set(field: Field, value: number): void {
    this.fields[(this.length - 1) * FIELDS_A_RECORD + field] = value;
  }

  setCreatedAt(ms: number): void {
    this.createdAts[this.length - 1] = ms;
  }

  /** To be called once the last record is complete. Of numbers of unlike lengths nothing is claimed. */
  noteOrder(): void {
    const { bytes } = this;
    const last = this.length - 1;
    const start = this.get(last, FIELD.sequence);
    if (start === 0) this.isAscending = false;
    if (last === 0 || !this.isAscending) return;
    const before = this.get(last - 1, FIELD.sequence);
    const length = this.get(last, FIELD.sequenceEnd) - start;
    const isAlike = length === this.get(last - 1, FIELD.sequenceEnd) - before;
    for (let i = 0; i < length && isAlike; i += 1) {
      // Casts: both are within the page.
      const difference = (bytes[start + i] as number) - (bytes[before + i] as number);
      if (difference > 0) return;
      if (difference < 0) break;
    }
    this.isAscending = false;
  }

  get(at: number, field: Field): number {
    // Cast: there are that many fields for each of the records.
    return this.fields[at * FIELDS_A_RECORD + field] as number;
  }

  sequence(at: number): string {
    const start = this.get(at, FIELD.sequence);
    return start === 0 ? '' : this.bytes.toString('latin1', start + 1, this.get(at, FIELD.sequenceEnd) - 1);
  }

  eventId(at: number): string {
    const start = this.get(at, FIELD.eventId);
    return start === 0 ? '' : String(this.parse(start, this.get(at, FIELD.eventIdEnd)));
  }

  createdAt(at: number): number | undefined {
    const ms = this.createdAts[at];
    return ms === undefined || Number.isNaN(ms) ? undefined : ms;
  }

  record(at: number): StreamRecord {
    // A cast at a parsing boundary: the decoder checks every field.
    return this.parse(this.get(at, FIELD.start), this.get(at, FIELD.end)) as StreamRecord;
  }

  /** The value that the bytes from `start` to `end` spell. */
  parse(start: number, end: number): unknown {
    return JSON.parse(this.bytes.toString('utf8', start, end));
  }

  /**
   * The new or the old images of the records from `first` up to `last`, null where there is none. One long text parses in
   * half the time of as many short ones.
   */
  images(first: number, last: number, start: Field, end: Field): readonly unknown[] {
    const { bytes } = this;
    const text = scratch;
    text.length = 0;
    text.reserve(
      this.get(last - 1, FIELD.end) - this.get(first, FIELD.start) + (last - first) * NULL.length + 2,
    );
    text.put(OPEN_LIST);
    for (let at = first; at < last; at += 1) {
      if (at > first) text.put(COMMA);
      const image = this.get(at, start);
      if (image === 0) text.put(NULL);
      else text.copy(bytes, image, this.get(at, end));
    }
    text.put(CLOSE_LIST);
    // A cast at a parsing boundary: a list was written.
    return JSON.parse(text.toString()) as unknown[];
  }

  private grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.createdAts.length * 4);
    const fields = new Int32Array(capacity * FIELDS_A_RECORD);
    fields.set(this.fields);
    this.fields = fields;
    const createdAts = new Float64Array(capacity);
    createdAts.set(this.createdAts);
    this.createdAts = createdAts;
  }
}
