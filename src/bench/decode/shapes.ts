// The shapes that decoding is measured on: what tables hold, from the reference's three attributes to the largest item.
// Images have the AWS SDK's shape (bytes for B), the only one that `unmarshall` decodes. Their numbers are ones that
// `unmarshall` represents as well, so that outputs can be compared for equality.
import type { AttributeMap, AttributeValue } from '../../model/wire.js';
import { randomText, seededRandom, wholeBelow } from './random.js';

export const SHAPES = ['sample', 'wide', 'nested', 'sets', 'large'] as const;
export type ShapeName = (typeof SHAPES)[number];

/** Distinct items of the large shape in a batch: 100 of 400 kB would measure the memory of the machine. */
const LARGE_ITEMS = 4;

type Random = () => number;

/** `count` images of a shape, the same for the same seed. */
export function shapeImages(shape: ShapeName, count: number, seed: number): AttributeMap[] {
  const random = seededRandom(seed);
  const distinct = shape === 'large' ? Math.min(count, LARGE_ITEMS) : count;
  const images = Array.from({ length: distinct }, (_, id) => asParsed(IMAGE_OF[shape](id, random)));
  // Cast: the index is below the length.
  return Array.from({ length: count }, (_, at) => images[at % distinct] as AttributeMap);
}

// Images come from JSON.parse, in Lambda and in the SDK: engines lay such objects out in another way than built ones.
function asParsed(image: AttributeMap): AttributeMap {
  const bytes: Uint8Array[] = [];
  const text = JSON.stringify(image, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    return `${BYTES_MARK}${bytes.push(value) - 1}`;
  });
  const parsed: unknown = JSON.parse(text, bytes.length === 0 ? undefined : revive);
  function revive(_: string, value: unknown): unknown {
    const mark = typeof value === 'string' && value.startsWith(BYTES_MARK);
    return mark ? bytes[Number(value.slice(BYTES_MARK.length))] : value;
  }
  // Cast: what was an image before is one again.
  return parsed as AttributeMap;
}

const BYTES_MARK = '\u0000bytes ';

const IMAGE_OF: Readonly<Record<ShapeName, (id: number, random: Random) => AttributeMap>> = {
  sample: sampleImage,
  wide: wideImage,
  nested: nestedImage,
  sets: setsImage,
  large: largeImage,
};

function sampleImage(id: number): AttributeMap {
  return { Id: { N: String(id) }, Message: { S: `A message for Id ${id}` }, EntityType: { S: 'Message' } };
}

function wideImage(id: number, random: Random): AttributeMap {
  const image: Record<string, AttributeValue> = { Id: { N: String(id) } };
  for (let at = 1; at < 200; at++) image[`attribute${at}`] = scalar(at, random);
  return image;
}

function scalar(at: number, random: Random): AttributeValue {
  switch (at % 5) {
    case 0:
      return { N: String(wholeBelow(random, 1_000_000)) };
    case 1:
      return { N: String(wholeBelow(random, 1_000_000) / 100) };
    case 2:
      return at % 10 === 2 ? { NULL: true } : { BOOL: random() < 0.5 };
    default:
      return { S: randomText(random, 5 + wholeBelow(random, 30)) };
  }
}

function nestedImage(id: number, random: Random): AttributeMap {
  const lines = Array.from({ length: 5 }, () => orderLine(random, 20));
  return {
    Id: { N: String(id) },
    customer: { M: { name: { S: randomText(random, 12) }, address: { M: address(random) } } },
    lines: { L: lines },
    tree: tree(6, random),
  };
}

function orderLine(random: Random, nameLength: number): AttributeValue {
  return {
    M: {
      sku: { S: `SKU-${wholeBelow(random, 100_000)}` },
      quantity: { N: String(1 + wholeBelow(random, 20)) },
      price: { N: String(wholeBelow(random, 100_000) / 100) },
      name: { S: randomText(random, nameLength) },
      gift: { BOOL: random() < 0.1 },
    },
  };
}

function address(random: Random): AttributeMap {
  return {
    street: { S: randomText(random, 18) },
    city: { S: randomText(random, 9) },
    location: { L: [{ N: String(wholeBelow(random, 180)) }, { N: String(-wholeBelow(random, 90)) }] },
  };
}

function tree(depth: number, random: Random): AttributeValue {
  const leaf = { N: String(wholeBelow(random, 1000)) };
  if (depth === 0) return leaf;
  return {
    M: { value: leaf, children: { L: [tree(depth - 1, random)] }, label: { S: randomText(random, 6) } },
  };
}

const SET_MEMBERS = 20;

function setsImage(id: number, random: Random): AttributeMap {
  const members = Array.from({ length: SET_MEMBERS }, (_, at) => at);
  return {
    Id: { N: String(id) },
    tags: { SS: members.map((at) => `${randomText(random, 8)}${at}`) },
    scores: { NS: members.map((at) => String(at * 1000 + wholeBelow(random, 1000))) },
    hashes: { BS: members.map((at) => Uint8Array.from({ length: 32 }, () => wholeBelow(random, 256) ^ at)) },
  };
}

// About 400 kB as DynamoDB counts it: names, texts and digits.
function largeImage(id: number, random: Random): AttributeMap {
  return {
    Id: { N: String(id) },
    lines: { L: Array.from({ length: 800 }, () => orderLine(random, 430)) },
    attachment: { B: new Uint8Array(20_000).fill(id) },
  };
}

/** The size of an item as DynamoDB counts it, near enough: text and names in UTF-8, numbers by their digits. */
export function itemBytes(image: AttributeMap): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(image)) bytes += Buffer.byteLength(name) + valueBytes(value);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return value.B.length;
  if ('SS' in value) return value.SS.reduce((sum, member) => sum + Buffer.byteLength(member), 0);
  if ('NS' in value) return value.NS.reduce((sum, member) => sum + numberBytes(member), 0);
  if ('BS' in value) return value.BS.reduce((sum, member) => sum + member.length, 0);
  if ('L' in value) return value.L.reduce((sum, member) => sum + 1 + valueBytes(member), 3);
  if ('M' in value) return 3 + itemBytes(value.M) + Object.keys(value.M).length;
  return 1;
}

function numberBytes(text: string): number {
  return Math.ceil(text.length / 2) + 1;
}
