// What the engine and a function's child process say to each other, over two pipes of their own. Not Node's IPC
// channel: the event and the result pass as the JSON bytes they are (no second encoding), log lines keep their order
// with the result, and user code sees no `process.send`.
//
// To the child:  [u32 header length][u32 event length][header JSON][event JSON]
// To the engine: [u8 kind][u32 length][payload]

/** File descriptors in the child. */
export const CHILD_FD = { requests: 3, answers: 4, lifeline: 5 } as const;

export const FRAME = {
  /** One log event, UTF-8. */
  log: 1,
  /** The handler is loaded. Empty. */
  ready: 2,
  /** [u32 resident kB][the returned value as JSON] */
  result: 3,
  /** [u32 resident kB][FunctionFailure as JSON] */
  failure: 4,
  /** The same, of an error outside the handler: the process ends behind it. */
  fatal: 5,
} as const;

export interface InvocationHeader {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly invokedFunctionArn: string;
  /** As the caller sent it, decoded. */
  readonly clientContext?: unknown;
}

/** The payload of a failed invocation, in Lambda's form. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

const FRAME_HEADER_BYTES = 5;
const REQUEST_HEADER_BYTES = 8;

export function encodeFrame(kind: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt8(kind, 0);
  frame.writeUInt32LE(payload.length, 1);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

export function encodeRequest(header: InvocationHeader, event: Uint8Array): Buffer {
  const head = Buffer.from(JSON.stringify(header));
  const request = Buffer.allocUnsafe(REQUEST_HEADER_BYTES + head.length + event.length);
  request.writeUInt32LE(head.length, 0);
  request.writeUInt32LE(event.length, 4);
  request.set(head, REQUEST_HEADER_BYTES);
  request.set(event, REQUEST_HEADER_BYTES + head.length);
  return request;
}

/** Cuts a byte stream into frames: give it chunks, it calls back per whole frame. */
export function frameReader(onFrame: (kind: number, payload: Buffer) => void): (chunk: Buffer) => void {
  return cutter(
    FRAME_HEADER_BYTES,
    (head) => head.readUInt32LE(1),
    (whole) => {
      onFrame(whole.readUInt8(0), whole.subarray(FRAME_HEADER_BYTES));
    },
  );
}

export function requestReader(
  onRequest: (header: InvocationHeader, event: Buffer) => void,
): (chunk: Buffer) => void {
  return cutter(
    REQUEST_HEADER_BYTES,
    (head) => head.readUInt32LE(0) + head.readUInt32LE(4),
    (whole) => {
      const eventStart = REQUEST_HEADER_BYTES + whole.readUInt32LE(0);
      const header = whole.toString('utf8', REQUEST_HEADER_BYTES, eventStart);
      // A cast at a parsing boundary: written by encodeRequest.
      onRequest(JSON.parse(header) as InvocationHeader, whole.subarray(eventStart));
    },
  );
}

/** Large messages come in many chunks: they are joined once, when the last one is there. */
function cutter(
  headerBytes: number,
  bodyBytes: (head: Buffer) => number,
  onWhole: (whole: Buffer) => void,
): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = headerBytes;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const data = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, held);
      let offset = 0;
      wanted = headerBytes;
      while (held - offset >= headerBytes) {
        const total = headerBytes + bodyBytes(data.subarray(offset));
        if (held - offset < total) {
          wanted = total;
          break;
        }
        onWhole(data.subarray(offset, offset + total));
        offset += total;
      }
      chunks = offset === held ? [] : [data.subarray(offset)];
      held -= offset;
    }
  };
}
