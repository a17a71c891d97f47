// Base64 in both directions: by the language's own methods where the runtime has them, by Node's Buffer elsewhere.

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
  const native = (Uint8Array as Base64Constructor).fromBase64?.(text);
  if (native !== undefined) return native;
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** Padded standard base64 of bytes. */
export function base64FromBytes(bytes: Uint8Array): string {
  return (
    (bytes as Base64Bytes).toBase64?.() ??
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  );
}
