// The models of a record's images, in its line: read from the bytes where the model lets itself be read so, by the model
// itself from parsed images otherwise.
import { type ByteWriter, bytesOf } from '../../model/bytes/byte-writer.js';
import { FlatModel } from '../../model/bytes/flat-model.js';
import type { ImageMembers } from '../../model/bytes/image-json.js';
import { writePlainJson } from '../../model/bytes/plain-json-bytes.js';
import type { Model } from '../../model/index.js';
import { FIELD, type RawRecords } from '../../stream/records/raw-records.js';
import { modelJson } from './json-lines.js';

const MODEL = bytesOf(',"model":');
const OLD_MODEL = bytesOf(',"oldModel":');
/** Of an image that is not there. */
const NO_MODEL = { ok: true, value: undefined } as const;

/** Where the attributes of a record's images are, of those that it has. */
export interface RecordMembers {
  readonly new: ImageMembers;
  readonly old: ImageMembers;
}

export class LineModels {
  private readonly flat: FlatModel | undefined;
  private images = new ImageGroups();
  private nameField: Uint8Array = bytesOf('');
  private name: string | undefined;

  /** With `isShown` false the models are only asked whether they have something to say against an image. */
  constructor(
    private readonly model: Model,
    private readonly out: ByteWriter,
    private readonly isShown: boolean,
  ) {
    this.flat = FlatModel.of(model);
  }

  /** Another page: nothing of the last one is kept. */
  begin(): void {
    this.images = new ImageGroups();
  }

  /** Writes the models of one record, making room. False, whatever was written by then, where a model refuses an image. */
  write(records: RawRecords, at: number, members: RecordMembers): boolean {
    const { out, flat } = this;
    const before = out.length;
    try {
      if (flat !== undefined && this.writeFlat(flat, records, at, members)) return true;
      out.length = before;
      return this.writeParsed(records, at);
    } catch {
      // A model may run its user's code: what it throws is told with the record.
      return false;
    }
  }

  private writeFlat(flat: FlatModel, records: RawRecords, at: number, members: RecordMembers): boolean {
    const { bytes } = records;
    const hasNew = records.get(at, FIELD.newImage) !== 0;
    const hasOld = records.get(at, FIELD.oldImage) !== 0;
    if (hasNew && !this.writeFlatImage(flat, bytes, members.new, MODEL)) return false;
    if (hasOld && !this.writeFlatImage(flat, bytes, members.old, OLD_MODEL)) return false;
    if (hasNew || hasOld) this.writeName(this.model.name);
    return true;
  }

  private writeFlatImage(flat: FlatModel, bytes: Buffer, members: ImageMembers, name: Uint8Array): boolean {
    if (!flat.read(bytes, members)) return false;
    if (!this.isShown) return true;
    this.out.reserve(name.length);
    this.out.put(name);
    flat.write(this.out);
    return true;
  }

  private writeParsed(records: RawRecords, at: number): boolean {
    const { model } = this;
    const { after, before } = this.images.of(records, at);
    const result = after === undefined ? NO_MODEL : model.decode(after);
    const oldResult = before === undefined ? NO_MODEL : model.decode(before);
    if (!result.ok || !oldResult.ok) return false;
    const name = model.variantOf?.(after ?? before) ?? model.name;
    if (result.value === undefined && oldResult.value === undefined) return true;
    this.writeModel(MODEL, result.value);
    this.writeModel(OLD_MODEL, oldResult.value);
    this.writeName(name);
    return true;
  }

  private writeModel(name: Uint8Array, value: unknown): void {
    const json = modelJson(value);
    if (json === undefined || !this.isShown) return;
    this.out.reserve(name.length);
    this.out.put(name);
    writePlainJson(json, this.out);
  }

  private writeName(name: string): void {
    if (!this.isShown) return;
    if (this.name !== name) {
      this.name = name;
      this.nameField = bytesOf(`,"modelName":${JSON.stringify(name)}`);
    }
    this.out.reserve(this.nameField.length);
    this.out.put(this.nameField);
  }
}

/** So many images are parsed at once: more would only live longer. */
const IMAGES_AT_ONCE = 64;

/** The images of a page as values, a few records at a time. */
class ImageGroups {
  private first = 0;
  private last = 0;
  private newImages: readonly unknown[] = [];
  private oldImages: readonly unknown[] = [];

  of(records: RawRecords, at: number): { readonly after: unknown; readonly before: unknown } {
    if (at < this.first || at >= this.last) this.read(records, at);
    const index = at - this.first;
    return { after: this.newImages[index] ?? undefined, before: this.oldImages[index] ?? undefined };
  }

  private read(records: RawRecords, at: number): void {
    const last = Math.min(records.length, at + IMAGES_AT_ONCE);
    this.first = at;
    this.last = last;
    this.newImages = records.images(at, last, FIELD.newImage, FIELD.newImageEnd);
    this.oldImages = records.images(at, last, FIELD.oldImage, FIELD.oldImageEnd);
  }
}
