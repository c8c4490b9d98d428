import type { Lsn } from "./lsn.ts";

/** A file of the write-ahead log: which timeline it belongs to, and the first byte that it holds. */
export interface SegmentPlace {
  readonly timeline: number;
  readonly startLsn: Lsn;
}

const NAME = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/;
/** The bytes that one number in the middle of a segment's name stands for. */
const BYTES_PER_LOG = 0x1_0000_0000n;

/** Reads the name of a segment; null for every other file, such as a `.history` or a `.partial`. */
export function parseSegmentName(name: string, segmentBytes: number): SegmentPlace | null {
  const [, timeline, log, segment] = NAME.exec(name) ?? [];
  if (timeline === undefined || log === undefined || segment === undefined) return null;
  const startLsn = BigInt(`0x${log}`) * BYTES_PER_LOG + BigInt(`0x${segment}`) * BigInt(segmentBytes);
  return { timeline: Number.parseInt(timeline, 16), startLsn };
}

/** The name of the segment that holds a place. */
export function segmentNameOf(timeline: number, lsn: Lsn, segmentBytes: number): string {
  const log = lsn / BYTES_PER_LOG;
  const segment = (lsn % BYTES_PER_LOG) / BigInt(segmentBytes);
  return [BigInt(timeline), log, segment]
    .map((part) => part.toString(16).toUpperCase().padStart(8, "0"))
    .join("");
}
