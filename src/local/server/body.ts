import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../service.js';

const MEGABYTE = 1024 * 1024;
/** DynamoDB takes at most 16 MB (a batch). */
export const MAX_BODY_BYTES = 16 * MEGABYTE;
/** Lambda takes a zip of 50 MB, which base64 makes a third larger. */
export const MAX_LAMBDA_BODY_BYTES = 70 * MEGABYTE;

/** Reads a whole request body. Throws RequestEntityTooLargeException (413) as soon as it must be over the limit. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): ServiceError =>
    new ServiceError('RequestEntityTooLargeException', `The request body is over ${maxBytes} bytes.`, 413);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  // No encoding is set on the request, so that every chunk is a Buffer. The request must outlive a refusal: destroying
  // it would cut the connection before the answer is read.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
}

/** How long a refused client may take to send what it has begun. */
const DROP_PATIENCE_MS = 2_000;

/**
 * Reads what is left of a refused request and forgets it. A client that sends its whole body before it reads would
 * otherwise find the connection cut instead of the answer. Gives up on one that stops sending.
 */
export async function dropBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  request.resume();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, DROP_PATIENCE_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', done);
    request.once('close', done);
  });
}
