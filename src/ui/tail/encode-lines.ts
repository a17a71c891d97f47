// JSON Lines of whole pages, from the wire's bytes to the line's: what `jsonLine` writes for each change, without the
// change. A record that is out of the ordinary takes the way over `decodeRecord` and `jsonLine`; the lines are the same.
import { ByteWriter, bytesOf } from '../../model/bytes/byte-writer.js';
import { ImageMembers, imageJsonRoom, writeImageJson } from '../../model/bytes/image-json.js';
import { QUOTE, REFUSED, startsWith } from '../../model/bytes/json-bytes.js';
import { decodeRecord, type Model } from '../../model/index.js';
import type { StreamRecord } from '../../model/wire.js';
import { FIELD, RawRecords } from '../../stream/records/raw-records.js';
import type { ReadPage } from '../../stream/records/read-page.js';
import { type EncodeLines, earlier, STAMP_ATTRIBUTE, stampOf } from '../../stream/run/open-page.js';
import { type ImagesView, imagesView, jsonLine } from './json-lines.js';
import { LineModels, type RecordMembers } from './line-models.js';
import type { ImagesMode } from './view.js';

export interface EncodeLinesOptions {
  readonly model: Model | undefined;
  readonly images: ImagesMode | undefined;
}

/** Makes the encoder of one tail. Its buffer grows to the largest page and is used again for the next. */
export function createLineEncoder({ model, images }: EncodeLinesOptions): EncodeLines {
  const out = new ByteWriter(FIRST_CAPACITY);
  const encoder = new RecordEncoder(out, model, images);
  return (page, { batch, most }) => {
    const { records } = page;
    const lines = Math.min(records.length, most);
    encoder.begin(page, batch);
    for (let at = 0; at < lines; at += 1) {
      if (!(records instanceof RawRecords && encoder.writeRaw(records, at))) {
        encoder.writeParsed(records.record(at));
      }
    }
    const { undecodable, sentAt } = encoder;
    return { bytes: out.written, lines, undecodable, ...(sentAt === undefined ? {} : { sentAt }) };
  };
}

const FIRST_CAPACITY = 1_048_576;
const LINE_END = 0x0a;

const HEADS = new Map(
  ['INSERT', 'MODIFY', 'REMOVE'].map((event) => [
    event.charCodeAt(0),
    bytesOf(`{"type":"change","event":"${event}","keys":`),
  ]),
);
const NEW = bytesOf(',"new":');
const OLD = bytesOf(',"old":');
const SEQ = bytesOf(',"seq":');
const STAMP = bytesOf(`"${STAMP_ATTRIBUTE}"`);
const STAMP_TAG = bytesOf('{"N":"');
/** What a line has beside its images, its names and its model: field names, numbers, an event id. */
const FRAME_BYTES = 512;

class RecordEncoder {
  undecodable = 0;
  sentAt: number | undefined;
  private page: Pick<ReadPage, 'shard' | 'streamArn'> = { shard: '', streamArn: '' };
  private batch = 0;
  /** `,"shard":"…","eventId":` */
  private shardField: Uint8Array = bytesOf('');
  /** `,"at":…,"batch":…}` and the line end. */
  private tail: Uint8Array = bytesOf('');
  private tailAt: number | undefined;
  private readonly models: LineModels | undefined;
  private readonly members: RecordMembers = { new: new ImageMembers(), old: new ImageMembers() };
  private readonly view: ImagesView;
  /** What is shown depends on the change, and not only on the mode. */
  private readonly isChosen: boolean;

  constructor(
    private readonly out: ByteWriter,
    private readonly model: Model | undefined,
    private readonly images: ImagesMode | undefined,
  ) {
    this.view = imagesView(images);
    this.isChosen = this.view.changes || images === 'model';
    this.models = model === undefined ? undefined : new LineModels(model, out, this.view.model);
  }

  begin(page: ReadPage, batch: number): void {
    this.page = page;
    this.batch = batch;
    this.out.length = 0;
    this.undecodable = 0;
    this.sentAt = undefined;
    this.shardField = bytesOf(`,"shard":${JSON.stringify(page.shard)},"eventId":`);
    this.tailAt = undefined;
    this.models?.begin();
  }

  writeParsed(record: StreamRecord): void {
    const { out, page, batch } = this;
    const change = decodeRecord(record, this.model);
    if (change.issues !== undefined) this.undecodable += 1;
    this.sentAt = earlier(this.sentAt, stampOf(record.dynamodb?.NewImage));
    const { shard, streamArn } = page;
    out.text(jsonLine({ type: 'change', change, record, shard, streamArn, batch }, this.images));
    out.reserve(1);
    out.byte(LINE_END);
  }

  /** False, with nothing written, for a record that needs more care. */
  writeRaw(records: RawRecords, at: number): boolean {
    const { out } = this;
    const before = out.length;
    if (this.tryRaw(records, at)) return true;
    out.length = before;
    return false;
  }

  private tryRaw(records: RawRecords, at: number): boolean {
    const { out, view } = this;
    const { bytes } = records;
    const head = HEADS.get(bytes[records.get(at, FIELD.event)] ?? 0);
    const keys = records.get(at, FIELD.keys);
    const seq = records.get(at, FIELD.sequence);
    const eventId = records.get(at, FIELD.eventId);
    const createdAt = records.createdAt(at);
    const isOrdinary = keys !== 0 && seq !== 0 && eventId !== 0 && records.get(at, FIELD.isOdd) === 0;
    if (head === undefined || createdAt === undefined || !isOrdinary || this.isChosen) return false;
    const room = imageJsonRoom(records.get(at, FIELD.end) - records.get(at, FIELD.start)) + FRAME_BYTES;
    out.reserve(room);
    out.put(head);
    if (writeImageJson(bytes, keys, out) === REFUSED) return false;
    const newImage = records.get(at, FIELD.newImage);
    const { members } = this;
    if (!this.writeImage(NEW, bytes, newImage, members.new, view.new)) return false;
    const oldImage = records.get(at, FIELD.oldImage);
    if (!this.writeImage(OLD, bytes, oldImage, members.old, view.old)) return false;
    if (this.models?.write(records, at, members) === false) return false;
    out.reserve(room + this.shardField.length);
    out.put(SEQ);
    out.copy(bytes, seq, records.get(at, FIELD.sequenceEnd));
    out.put(this.shardField);
    out.copy(bytes, eventId, records.get(at, FIELD.eventIdEnd));
    out.put(this.tailOf(createdAt));
    if (newImage !== 0) this.noteStamp(records, at);
    return true;
  }

  /** An image that is not shown is still checked: one that cannot be decoded has issues to tell. */
  private writeImage(
    name: Uint8Array,
    bytes: Uint8Array,
    image: number,
    members: ImageMembers,
    isShown: boolean,
  ): boolean {
    if (image === 0) return true;
    const { out } = this;
    const before = out.length;
    out.put(name);
    if (writeImageJson(bytes, image, out, members) === REFUSED) return false;
    if (!isShown) out.length = before;
    return true;
  }

  private noteStamp(records: RawRecords, at: number): void {
    const { bytes } = records;
    const members = this.members.new;
    const member = members.find(bytes, STAMP);
    if (member === -1) return;
    const value = members.value(member);
    const sentAt = startsWith(bytes, value, STAMP_TAG)
      ? Number(
          bytes.toString('latin1', value + STAMP_TAG.length, bytes.indexOf(QUOTE, value + STAMP_TAG.length)),
        )
      : stampOf(records.record(at).dynamodb?.NewImage);
    if (Number.isFinite(sentAt)) this.sentAt = earlier(this.sentAt, sentAt);
  }

  /** The same for hundreds of records in a row, as creation times have whole seconds. */
  private tailOf(createdAt: number): Uint8Array {
    if (this.tailAt !== createdAt) {
      this.tailAt = createdAt;
      this.tail = bytesOf(`,"at":${createdAt},"batch":${this.batch}}\n`);
    }
    return this.tail;
  }
}
