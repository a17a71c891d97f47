import type { AttributeMap, AttributeValue, WireBinary } from '../../model/wire.js';

/**
 * Returns the size of an item in bytes by DynamoDB's rules: names and values in UTF-8, numbers at about one byte
 * for two digits, three bytes and one per entry for a list or map.
 */
export function itemSize(item: AttributeMap): number {
  let size = 0;
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binarySize(value.B);
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('M' in value) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if ('L' in value) return value.L.reduce((sum, member) => sum + 1 + valueSize(member), 3);
  if ('SS' in value) return value.SS.reduce((sum, member) => sum + Buffer.byteLength(member), 0);
  if ('NS' in value) return value.NS.reduce((sum, member) => sum + numberSize(member), 0);
  return value.BS.reduce((sum, member) => sum + binarySize(member), 0);
}

/** DynamoDB keeps a number as an exponent byte, then base-100 digits aligned at the decimal point. */
function numberSize(text: string): number {
  const [integer = '', fraction = ''] = text.replace('-', '').split('.');
  const whole = integer.replace(/^0+/, '');
  const part = whole === '' ? fraction.replace(/0+$/, '') : fraction;
  const evenWhole = whole.length % 2 === 0 ? whole : `0${whole}`;
  const evenPart = part.length % 2 === 0 ? part : `${part}0`;
  const pairs = `${evenWhole}${evenPart}`.replace(/^(?:00)+/, '').replace(/(?:00)+$/, '').length / 2;
  return 1 + pairs + (text.startsWith('-') ? 1 : 0);
}

function binarySize(binary: WireBinary): number {
  return typeof binary === 'string' ? Buffer.byteLength(binary, 'base64') : binary.byteLength;
}
