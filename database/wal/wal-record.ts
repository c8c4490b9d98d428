import { crc32c } from "./crc32c.ts";
import type { Lsn } from "./lsn.ts";

/** Bytes of a record before its data: `XLogRecord` in Postgres's `access/xlogrecord.h`. */
export const RECORD_HEADER_BYTES = 24;
const CRC_OFFSET = 20;

/** What a record says that a restore can end at; `other` is everything else. */
type WalEvent =
  | { readonly kind: "commit"; readonly xid: number; readonly atMicros: bigint }
  | { readonly kind: "restore-point"; readonly name: string; readonly atMicros: bigint }
  | { readonly kind: "segment-switch" }
  | { readonly kind: "other" };

/** A record of the write-ahead log. */
export interface WalRecord {
  readonly startLsn: Lsn;
  /** The place behind it. */
  readonly endLsn: Lsn;
  /** The place of the record before. */
  readonly previousLsn: Lsn;
  readonly event: WalEvent;
}

// Resource managers and their records: `access/rmgrlist.h`, `catalog/pg_control.h`, `access/xact.h`.
const XLOG = 0;
const TRANSACTION = 1;
const XLOG_SWITCH = 0x40;
const XLOG_RESTORE_POINT = 0x70;
const TRANSACTION_KIND = 0x70;
const COMMIT = 0x00;
const COMMIT_PREPARED = 0x30;
const RECORD_KIND = 0xf0;

// The headers before a record's main data: `access/xlogrecord.h`.
const SHORT_DATA = 255;
const LONG_DATA = 254;
const ORIGIN = { id: 253, bytes: 3 };
const TOP_LEVEL_XID = { id: 252, bytes: 5 };
const TIME_BYTES = 8;
/** Postgres counts from 2000-01-01. */
const EPOCH_MICROS = 946_684_800_000_000n;

/**
 * Reads a whole record.
 *
 * @returns null when its checksum is not that of its bytes.
 */
export function decodeRecord(bytes: Buffer, startLsn: Lsn, endLsn: Lsn): WalRecord | null {
  const checksum = crc32c(bytes.subarray(RECORD_HEADER_BYTES), bytes.subarray(0, CRC_OFFSET));
  if (checksum !== bytes.readUInt32LE(CRC_OFFSET)) return null;
  return { startLsn, endLsn, previousLsn: bytes.readBigUInt64LE(8), event: eventOf(bytes) };
}

function eventOf(bytes: Buffer): WalEvent {
  const xid = bytes.readUInt32LE(4);
  const info = bytes.readUInt8(16);
  const manager = bytes.readUInt8(17);
  if (manager === XLOG && (info & RECORD_KIND) === XLOG_SWITCH) return { kind: "segment-switch" };
  if (manager === XLOG && (info & RECORD_KIND) === XLOG_RESTORE_POINT) {
    const data = mainData(bytes);
    if (data === null || data.length < TIME_BYTES) return { kind: "other" };
    const name = data.subarray(TIME_BYTES);
    const end = name.indexOf(0);
    return {
      kind: "restore-point",
      name: name.toString("utf8", 0, end < 0 ? name.length : end),
      atMicros: timeIn(data),
    };
  }
  const kind = info & TRANSACTION_KIND;
  if (manager !== TRANSACTION || (kind !== COMMIT && kind !== COMMIT_PREPARED)) return { kind: "other" };
  const data = mainData(bytes);
  return data === null || data.length < TIME_BYTES
    ? { kind: "other" }
    : { kind: "commit", xid, atMicros: timeIn(data) };
}

/** Microseconds since 1970. */
function timeIn(data: Buffer): bigint {
  return data.readBigInt64LE(0) + EPOCH_MICROS;
}

/** The data of a record that refers to no page; null when it does. Commits and restore points never do. */
function mainData(bytes: Buffer): Buffer | null {
  let at = RECORD_HEADER_BYTES;
  while (at < bytes.length) {
    const id = bytes.readUInt8(at);
    if (id === SHORT_DATA) return bytes.subarray(at + 2);
    if (id === LONG_DATA) return bytes.subarray(at + 5);
    if (id === ORIGIN.id) at += ORIGIN.bytes;
    else if (id === TOP_LEVEL_XID.id) at += TOP_LEVEL_XID.bytes;
    else return null;
  }
  return null;
}
