// JSON Lines of whole pages, from the wire's bytes to the line's: what `jsonLine` writes for each change, without the
// change. A record that is out of the ordinary takes the way over `decodeRecord` and `jsonLine`; the lines are the same.
import { ByteWriter, bytesOf } from '../../model/bytes/byte-writer.js';
import { imageJsonRoom, writeImageJson } from '../../model/bytes/image-json.js';
import { REFUSED } from '../../model/bytes/json-bytes.js';
import { writePlainJson } from '../../model/bytes/plain-json-bytes.js';
import { decodeRecord, type Model } from '../../model/index.js';
import type { AttributeMap, StreamRecord } from '../../model/wire.js';
import { type EncodeLines, earlier, STAMP_ATTRIBUTE, stampOf } from '../../stream/open-page.js';
import { FIELD, RawRecords } from '../../stream/records/raw-records.js';
import type { ReadPage } from '../../stream/records/read-page.js';
import { type ImagesView, imagesView, jsonLine, modelJson } from './json-lines.js';
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
      if (!(records instanceof RawRecords && encoder.writeRaw(records, at)))
        encoder.writeParsed(records.record(at));
    }
    const { undecodable, sentAt } = encoder;
    return { bytes: out.written, lines, undecodable, ...(sentAt === undefined ? {} : { sentAt }) };
  };
}

const FIRST_CAPACITY = 1_048_576;
const LINE_END = 0x0a;
const CLOSE_OBJECT = 0x7d;

const HEADS = new Map(
  ['INSERT', 'MODIFY', 'REMOVE'].map((event) => [
    event.charCodeAt(0),
    bytesOf(`{"type":"change","event":"${event}","keys":`),
  ]),
);
const NEW = bytesOf(',"new":');
const OLD = bytesOf(',"old":');
const MODEL = bytesOf(',"model":');
const OLD_MODEL = bytesOf(',"oldModel":');
const SEQ = bytesOf(',"seq":');
const EVENT_ID = bytesOf(',"eventId":');
const STAMP = bytesOf(`"${STAMP_ATTRIBUTE}":{"N":"`);
/** What a line has beside its images, its names and its model: field names, numbers, an event id. */
const FRAME_BYTES = 512;

class RecordEncoder {
  undecodable = 0;
  sentAt: number | undefined;
  private page: Pick<ReadPage, 'shard' | 'streamArn'> = { shard: '', streamArn: '' };
  private batch = 0;
  private shardField: Uint8Array = bytesOf('');
  private batchField: Uint8Array = bytesOf('');
  private atField: Uint8Array = bytesOf('');
  private fieldsAt: number | undefined;
  private modelNameField: Uint8Array = bytesOf('');
  private modelName: string | undefined;
  private images = new ImageGroups({ new: false, old: false });
  private readonly view: ImagesView;

  constructor(
    private readonly out: ByteWriter,
    private readonly model: Model | undefined,
    private readonly mode: ImagesMode | undefined,
  ) {
    this.view = imagesView(mode);
  }

  begin(page: ReadPage, batch: number): void {
    this.page = page;
    this.batch = batch;
    this.out.length = 0;
    this.undecodable = 0;
    this.sentAt = undefined;
    this.shardField = bytesOf(`,"shard":${JSON.stringify(page.shard)}`);
    this.batchField = bytesOf(`,"batch":${batch}`);
    const { records } = page;
    // A model has the images parsed in any case; without one, most pages can do without.
    const hasStamps = records instanceof RawRecords && records.bytes.indexOf(STAMP) !== -1;
    this.images = new ImageGroups({
      new: this.model !== undefined || hasStamps,
      old: this.model !== undefined,
    });
  }

  writeParsed(record: StreamRecord): void {
    const { out, page, batch } = this;
    const change = decodeRecord(record, this.model);
    if (change.issues !== undefined) this.undecodable += 1;
    this.sentAt = earlier(this.sentAt, stampOf(record.dynamodb?.NewImage));
    const { shard, streamArn } = page;
    out.text(jsonLine({ type: 'change', change, record, shard, streamArn, batch }, this.mode));
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
    if (head === undefined || createdAt === undefined || !isOrdinary || view.changes) return false;
    const size = records.get(at, FIELD.end) - records.get(at, FIELD.start);
    out.reserve(imageJsonRoom(size) + FRAME_BYTES + this.shardField.length);
    out.put(head);
    if (writeImageJson(bytes, keys, out) === REFUSED) return false;
    const newImage = records.get(at, FIELD.newImage);
    const oldImage = records.get(at, FIELD.oldImage);
    if (!this.writeImage(NEW, bytes, newImage, view.new)) return false;
    if (!this.writeImage(OLD, bytes, oldImage, view.old)) return false;
    const { after, before } = this.images.of(records, at);
    if (!this.writeModels(after, before)) return false;
    // Cast: an image, as the walk over it has shown.
    this.sentAt = earlier(this.sentAt, stampOf(after as AttributeMap | undefined));
    out.reserve(imageJsonRoom(size) + FRAME_BYTES + this.shardField.length);
    out.put(SEQ);
    out.copy(bytes, seq, records.get(at, FIELD.sequenceEnd));
    out.put(this.shardField);
    out.put(EVENT_ID);
    out.copy(bytes, eventId, records.get(at, FIELD.eventIdEnd));
    out.put(this.timeField(createdAt));
    out.put(this.batchField);
    out.byte(CLOSE_OBJECT);
    out.byte(LINE_END);
    return true;
  }

  /** An image that is not shown is still checked: one that cannot be decoded has issues to tell. */
  private writeImage(name: Uint8Array, bytes: Uint8Array, image: number, isShown: boolean): boolean {
    if (image === 0) return true;
    const { out } = this;
    const before = out.length;
    out.put(name);
    if (writeImageJson(bytes, image, out) === REFUSED) return false;
    if (!isShown) out.length = before;
    return true;
  }

  /** The models of both images. False where a model has something to say against one. */
  private writeModels(after: unknown, before: unknown): boolean {
    const { model, out, view } = this;
    if (model === undefined || (after === undefined && before === undefined)) return true;
    let name: string;
    let value: unknown;
    let oldValue: unknown;
    try {
      const result = after === undefined ? NO_MODEL : model.decode(after);
      const oldResult = before === undefined ? NO_MODEL : model.decode(before);
      if (!result.ok || !oldResult.ok) return false;
      ({ value } = result);
      oldValue = oldResult.value;
      name = model.variantOf?.(after ?? before) ?? model.name;
    } catch {
      // A model may run its user's code: what it throws is told with the record.
      return false;
    }
    if (!view.model || (value === undefined && oldValue === undefined)) return true;
    this.writeModel(MODEL, value);
    this.writeModel(OLD_MODEL, oldValue);
    const field = this.nameField(name);
    out.reserve(field.length);
    out.put(field);
    return true;
  }

  private writeModel(name: Uint8Array, value: unknown): void {
    const json = modelJson(value);
    if (json === undefined) return;
    this.out.reserve(name.length);
    this.out.put(name);
    writePlainJson(json, this.out);
  }

  /** The same for hundreds of records in a row, as creation times have whole seconds. */
  private timeField(createdAt: number): Uint8Array {
    if (this.fieldsAt !== createdAt) {
      this.fieldsAt = createdAt;
      this.atField = bytesOf(`,"at":${createdAt}`);
    }
    return this.atField;
  }

  private nameField(name: string): Uint8Array {
    if (this.modelName !== name) {
      this.modelName = name;
      this.modelNameField = bytesOf(`,"modelName":${JSON.stringify(name)}`);
    }
    return this.modelNameField;
  }
}

/** So many images are parsed at once: more would only live longer. */
const IMAGES_AT_ONCE = 64;

/** The images of a page as values, where somebody wants them, a few records at a time. */
class ImageGroups {
  private first = 0;
  private last = 0;
  private newImages: readonly unknown[] = [];
  private oldImages: readonly unknown[] = [];

  constructor(private readonly wanted: { readonly new: boolean; readonly old: boolean }) {}

  of(records: RawRecords, at: number): { readonly after: unknown; readonly before: unknown } {
    if (at >= this.last) this.read(records, at);
    const index = at - this.first;
    return { after: this.newImages[index] ?? undefined, before: this.oldImages[index] ?? undefined };
  }

  private read(records: RawRecords, at: number): void {
    const { wanted } = this;
    const last = Math.min(records.length, at + IMAGES_AT_ONCE);
    this.first = at;
    this.last = last;
    this.newImages = wanted.new ? records.images(at, last, FIELD.newImage, FIELD.newImageEnd) : [];
    this.oldImages = wanted.old ? records.images(at, last, FIELD.oldImage, FIELD.oldImageEnd) : [];
  }
}

/** Of an image that is not there. */
const NO_MODEL = { ok: true, value: undefined } as const;
