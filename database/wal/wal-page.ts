import type { Lsn } from "./lsn.ts";

/** Postgres's usual size of a page of its log, which only another build changes. */
const PAGE_BYTES = 8_192;
// `access/xlog_internal.h`
const SHORT_HEADER_BYTES = 24;
const LONG_HEADER_BYTES = 40;
const CONTINUES_RECORD = 0x0001;
const HAS_LONG_HEADER = 0x0002;
const OVERWRITES_UNFINISHED = 0x0008;

/** A file of the log, with its bytes, and the place of the first of them. */
export interface Segment {
  readonly name: string;
  readonly startLsn: Lsn;
  readonly timeline: number;
  readonly bytes: Buffer;
}

interface PageHeader {
  readonly bytes: number;
  readonly lsn: Lsn;
  readonly timeline: number;
  /** The bytes from here on of the record that began in an earlier page; 0 when none goes on. */
  readonly continuedBytes: number;
  /** A server that crashed within a record goes on without it. */
  readonly overwritesUnfinished: boolean;
  /** The server that wrote it, as the first page of a segment says; null in others. */
  readonly systemId: string | null;
}

/** A page of the log; `header` is null where the page was never written. */
export interface WalPage {
  readonly segment: Segment;
  readonly lsn: Lsn;
  readonly bytes: Buffer;
  readonly header: PageHeader | null;
}

/** The pages of a segment from the one that holds a place. */
export function* pagesIn(segment: Segment, fromLsn: Lsn): Generator<WalPage> {
  const skipped = Math.max(0, Number(fromLsn - segment.startLsn));
  for (let at = skipped - (skipped % PAGE_BYTES); at < segment.bytes.length; at += PAGE_BYTES) {
    const bytes = segment.bytes.subarray(at, at + PAGE_BYTES);
    yield { segment, lsn: segment.startLsn + BigInt(at), bytes, header: readHeader(bytes) };
  }
}

function readHeader(page: Buffer): PageHeader | null {
  if (page.length < PAGE_BYTES || page.readUInt16LE(0) === 0) return null;
  const info = page.readUInt16LE(2);
  const isLong = (info & HAS_LONG_HEADER) !== 0;
  return {
    bytes: isLong ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES,
    systemId: isLong ? page.readBigUInt64LE(SHORT_HEADER_BYTES).toString() : null,
    lsn: page.readBigUInt64LE(8),
    timeline: page.readUInt32LE(4),
    continuedBytes: (info & CONTINUES_RECORD) === 0 ? 0 : page.readUInt32LE(16),
    overwritesUnfinished: (info & OVERWRITES_UNFINISHED) !== 0,
  };
}
