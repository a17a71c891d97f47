// What is known about one segment file of a log group without reading it. Segments are append-only files of JSON
// lines; times never decrease within a group, so a time is found by the index and a short scan.

/** One stored line: time in epoch milliseconds, log stream name, message. */
export type StoredLine = readonly [timestamp: number, stream: string, message: string];

/** What one log stream has in one segment. */
export interface StreamStats {
  readonly firstTime: number;
  readonly lastTime: number;
  readonly bytes: number;
}

export interface SegmentIndex {
  readonly id: number;
  bytes: number;
  /** Undefined while the segment is empty. */
  firstTime?: number;
  lastTime?: number;
  readonly streams: Record<string, StreamStats>;
  /** Time and byte offset of a line about every 256 kB. */
  readonly marks: (readonly [time: number, offset: number])[];
}

const MARK_EVERY_BYTES = 256 * 1024;

export function emptySegment(id: number): SegmentIndex {
  return { id, bytes: 0, streams: Object.create(null) as Record<string, StreamStats>, marks: [] };
}

/** Accounts for one line of `bytes` bytes at the end of the segment and returns the line's offset. */
export function addLine(segment: SegmentIndex, time: number, stream: string, bytes: number): number {
  const offset = segment.bytes;
  const lastMark = segment.marks.at(-1);
  if (lastMark === undefined || offset - lastMark[1] >= MARK_EVERY_BYTES) segment.marks.push([time, offset]);
  segment.bytes += bytes;
  segment.firstTime ??= time;
  segment.lastTime = time;
  const known = segment.streams[stream];
  segment.streams[stream] = {
    firstTime: known?.firstTime ?? time,
    lastTime: time,
    bytes: (known?.bytes ?? 0) + bytes,
  };
  return offset;
}

/** The largest marked offset before which no line is as late as `time`. */
export function offsetBefore(segment: SegmentIndex, time: number): number {
  let offset = 0;
  for (const [markTime, markOffset] of segment.marks) {
    if (markTime >= time) break;
    offset = markOffset;
  }
  return offset;
}
