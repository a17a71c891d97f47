// Base64 in both directions, with whatever the runtime has: the TC39 methods, Node's Buffer, or atob/btoa.

interface Base64Constructor {
  fromBase64?(text: string): Uint8Array;
}
interface Base64Bytes {
  toBase64?(): string;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** True for padded standard base64, the form on AWS's wire. The empty text is the empty binary. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && BASE64.test(text);
}

/** The bytes of a base64 text, `undefined` for text that is not base64. The result owns its buffer. */
export function bytesFromBase64(text: string): Uint8Array | undefined {
  if (!isBase64(text)) return undefined;
  // Casts: both methods are newer than the compiler's library.
  const native = (Uint8Array as Base64Constructor).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, text);
  if (typeof Buffer === 'function') return new Uint8Array(Buffer.from(text, 'base64'));
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Padded standard base64 of bytes. */
export function base64FromBytes(bytes: Uint8Array): string {
  const own = bytes as Base64Bytes;
  if (own.toBase64 !== undefined) return own.toBase64();
  if (typeof Buffer === 'function') {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  }
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
