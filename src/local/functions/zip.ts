// Reads the zip of a function's code. Only what Lambda accepts: stored and deflated entries, no zip64 (an upload is
// at most 50 MB), nothing encrypted; and refuses what could leave or overfill the code folder.
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

export interface ZipEntry {
  /** Relative, with `/`, without `.` or `..` parts. */
  readonly path: string;
  readonly data: Uint8Array;
  readonly executable: boolean;
}

/** What is wrong with a zip, in one sentence. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

export const MAX_UNZIPPED_BYTES = 250 * 1024 * 1024;

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const ENCRYPTED_FLAG = 0x1;
const STORED = 0;
const DEFLATED = 8;
const UNIX_TYPE_MASK = 0o170000;
const UNIX_FOLDER = 0o040000;
const UNIX_FILE = 0o100000;
const UNIX_EXECUTE = 0o111;

const inflate = promisify(inflateRaw);

/** All files of the archive, in its order. Throws ZipError. */
export async function readZip(
  bytes: Uint8Array,
  maxBytes = MAX_UNZIPPED_BYTES,
): Promise<readonly ZipEntry[]> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  let total = 0;
  for (const header of readDirectory(zip)) {
    total += header.size;
    if (total > maxBytes) throw new ZipError(`Unzipped size must be smaller than ${maxBytes} bytes`);
    if (header.path.endsWith('/')) continue;
    entries.push({
      path: header.path,
      data: await readEntry(zip, header),
      executable: (header.unixMode & UNIX_EXECUTE) !== 0,
    });
  }
  return entries;
}

interface EntryHeader {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly unixMode: number;
  readonly localOffset: number;
}

function readDirectory(zip: Buffer): EntryHeader[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let offset = zip.readUInt32LE(end + 16);
  const headers: EntryHeader[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    if (offset + CENTRAL_BYTES > zip.length || zip.readUInt32LE(offset) !== CENTRAL_SIGNATURE) {
      throw new ZipError('The directory of the zip is damaged');
    }
    const nameLength = zip.readUInt16LE(offset + 28);
    const path = zip.toString('utf8', offset + CENTRAL_BYTES, offset + CENTRAL_BYTES + nameLength);
    const unixMode = zip.readUInt32LE(offset + 38) >>> 16;
    refuseUnsafe(path, unixMode, zip.readUInt16LE(offset + 8));
    if (seen.has(path)) throw new ZipError(`The zip holds ${path} twice`);
    seen.add(path);
    headers.push({
      path,
      method: zip.readUInt16LE(offset + 10),
      crc: zip.readUInt32LE(offset + 16),
      compressedSize: zip.readUInt32LE(offset + 20),
      size: zip.readUInt32LE(offset + 24),
      unixMode,
      localOffset: zip.readUInt32LE(offset + 42),
    });
    offset += CENTRAL_BYTES + nameLength + zip.readUInt16LE(offset + 30) + zip.readUInt16LE(offset + 32);
  }
  refuseFileAsFolder(seen);
  return headers;
}

function refuseFileAsFolder(paths: ReadonlySet<string>): void {
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash);
      if (paths.has(folder)) throw new ZipError(`The zip holds ${folder} as both a file and a folder`);
    }
  }
}

function findEnd(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let offset = zip.length - END_BYTES; offset >= first; offset -= 1) {
    if (zip.readUInt32LE(offset) === END_SIGNATURE) return offset;
  }
  throw new ZipError('It is not a zip archive');
}

function refuseUnsafe(path: string, unixMode: number, flags: number): void {
  const parts = path.split('/');
  if (path.endsWith('/')) parts.pop();
  const unsafe = parts.some((part) => part === '' || part === '.' || part === '..');
  if (unsafe || path.includes('\\') || path.includes('\0') || /^[A-Za-z]:/.test(path)) {
    throw new ZipError(`The zip holds the path ${JSON.stringify(path)}, which is not inside the code folder`);
  }
  const type = unixMode & UNIX_TYPE_MASK;
  if (type !== 0 && type !== UNIX_FILE && type !== UNIX_FOLDER) {
    throw new ZipError(`The zip holds ${path} as a link or device; only files and folders are taken`);
  }
  if ((flags & ENCRYPTED_FLAG) !== 0) throw new ZipError(`The zip holds ${path} encrypted`);
}

async function readEntry(zip: Buffer, header: EntryHeader): Promise<Uint8Array> {
  const { path, localOffset } = header;
  if (localOffset + LOCAL_BYTES > zip.length || zip.readUInt32LE(localOffset) !== LOCAL_SIGNATURE) {
    throw new ZipError(`The zip entry ${path} is damaged`);
  }
  const start =
    localOffset + LOCAL_BYTES + zip.readUInt16LE(localOffset + 26) + zip.readUInt16LE(localOffset + 28);
  const raw = zip.subarray(start, start + header.compressedSize);
  const data = await decompress(raw, header);
  if (data.length !== header.size || crc32(data) !== header.crc) {
    throw new ZipError(`The zip entry ${path} is damaged`);
  }
  return data;
}

async function decompress(raw: Buffer, header: EntryHeader): Promise<Buffer> {
  if (header.method === STORED) return raw;
  if (header.method !== DEFLATED) {
    throw new ZipError(
      `The zip entry ${header.path} uses compression method ${header.method}; only deflate is known`,
    );
  }
  try {
    // The bound stops an entry that inflates to more than its header says.
    return await inflate(raw, { maxOutputLength: Math.max(1, header.size) });
  } catch (error) {
    throw new ZipError(`The zip entry ${header.path} is damaged`, { cause: error });
  }
}
