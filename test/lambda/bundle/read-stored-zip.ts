// A reader for the zips that this package writes, by the format's own words, so that the writer is not its own judge.
export interface StoredFile {
  readonly name: string;
  readonly data: Uint8Array;
  readonly mode: number;
}

export function readStoredZip(zip: Uint8Array): StoredFile[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.byteLength - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error('no end of central directory');
  const files: StoredFile[] = [];
  let at = view.getUint32(end + 16, true);
  for (let entry = 0; entry < view.getUint16(end + 10, true); entry++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error('no directory entry');
    if (view.getUint16(at + 10, true) !== 0) throw new Error('not stored');
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const name = Buffer.from(zip.subarray(at + 46, at + 46 + nameLength)).toString();
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    files.push({
      name,
      data: zip.subarray(start, start + size),
      mode: view.getUint32(at + 38, true) >>> 16,
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}
