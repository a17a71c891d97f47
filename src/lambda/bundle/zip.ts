// A zip whose bytes depend on nothing but its content. Entries are stored, not deflated: zlib's output differs between
// versions and machines, and a changed hash would make every `init` upload the function again.
import { crc32 } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

// 1980-01-01 00:00, the earliest time that the format can hold.
const DOS_DATE = 0x0021;
// Made on Unix, so that Lambda gives the files a mode under which its runtime user can read them: a regular file, 0644.
const MADE_BY_UNIX = 0x0314;
const MODE = 0o100644;
const UTF8_NAME = 0x0800;
const VERSION_NEEDED = 20;

/** A zip archive of the entries, in the order given. Entries must be smaller than 4 GB. */
export function storedZip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const nameBytes = Buffer.from(name, 'utf8');
    const shared = sharedHeader(nameBytes.length, data);
    const local = Buffer.concat([uint32(0x04034b50), shared, nameBytes]);
    directory.push(
      Buffer.concat([
        uint32(0x02014b50),
        uint16(MADE_BY_UNIX),
        shared,
        uint16(0), // comment length
        uint16(0), // disk number
        uint16(0), // internal attributes
        uint32((MODE << 16) >>> 0),
        uint32(offset),
        nameBytes,
      ]),
    );
    parts.push(local, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    offset += local.length + data.byteLength;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.concat([
    uint32(0x06054b50),
    uint16(0),
    uint16(0),
    uint16(entries.length),
    uint16(entries.length),
    uint32(central.length),
    uint32(offset),
    uint16(0),
  ]);
  return Buffer.concat([...parts, central, end]);
}

/** The 26 bytes that local headers and directory entries have in common. */
function sharedHeader(nameLength: number, data: Uint8Array): Buffer {
  return Buffer.concat([
    uint16(VERSION_NEEDED),
    uint16(UTF8_NAME),
    uint16(0), // method: stored
    uint16(0), // time
    uint16(DOS_DATE),
    uint32(crc32(data)),
    uint32(data.byteLength),
    uint32(data.byteLength),
    uint16(nameLength),
    uint16(0), // extra field
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
