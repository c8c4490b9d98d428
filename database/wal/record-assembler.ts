import type { Lsn } from "./lsn.ts";
import type { WalPage } from "./wal-page.ts";
import { decodeRecord, RECORD_HEADER_BYTES, type WalRecord } from "./wal-record.ts";

const RECORD_ALIGNMENT = 8;
/** A longer record is one of a damaged page: `XLogRecordMaxSize` in Postgres's `access/xlogrecord.h`. */
const MOST_RECORD_BYTES = 1_020 * 1024 * 1024;

/** Where to go on after a page. A switch leaves the rest of a segment empty; damage ends the reading. */
export type AfterPage =
  | { readonly kind: "next-page" }
  | { readonly kind: "next-segment" }
  | { readonly kind: "damaged"; readonly why: string };

const NEXT_PAGE: AfterPage = { kind: "next-page" };
const NEXT_SEGMENT: AfterPage = { kind: "next-segment" };
/** A whole segment is full, or ends with a switch. */
const ENDS_HERE: AfterPage = damaged("nothing more was written in it");

/** A record that goes on in the next page. */
interface Unfinished {
  readonly startLsn: Lsn;
  readonly pieces: readonly Buffer[];
  readonly missingBytes: number;
}

/** Puts the records of a log together from its pages, and checks that each is whole and follows the one before it. */
export class RecordAssembler {
  #at: Lsn;
  #end: Lsn;
  #unfinished: Unfinished | null = null;
  #previousLsn: Lsn | null = null;

  readonly #systemId: string;

  /**
   * @param systemId of the server whose log it is.
   * @param fromLsn where a record begins.
   */
  constructor(systemId: string, fromLsn: Lsn) {
    this.#systemId = systemId;
    this.#at = fromLsn;
    this.#end = fromLsn;
  }

  /** The place from which nothing is read yet. */
  get at(): Lsn {
    return this.#at;
  }

  /** The place behind the last whole record, and behind what a switch left empty. */
  get end(): Lsn {
    return this.#end;
  }

  /** Goes on at the beginning of the next segment. */
  skipTo(lsn: Lsn): void {
    this.#at = lsn;
    if (this.#unfinished === null) this.#end = lsn;
  }

  /** Reads the records that end in a page. */
  take(page: WalPage): { readonly records: readonly WalRecord[]; readonly after: AfterPage } {
    const records: WalRecord[] = [];
    const refusal = this.#refusalOf(page);
    if (refusal !== null) return { records, after: refusal };
    const headerBytes = page.header?.bytes ?? 0;
    let offset = this.#unfinished === null ? Math.max(headerBytes, Number(this.#at - page.lsn)) : headerBytes;
    while (offset < page.bytes.length) {
      const begun = this.#unfinished ?? beginningAt(page, offset);
      if (begun === null) return { records, after: ENDS_HERE };
      if (begun.missingBytes > MOST_RECORD_BYTES || begun.missingBytes < 0)
        return { records, after: damaged("a record has a length that none can have") };
      const piece = page.bytes.subarray(offset, offset + begun.missingBytes);
      const grown = {
        startLsn: begun.startLsn,
        pieces: [...begun.pieces, piece],
        missingBytes: begun.missingBytes - piece.length,
      };
      offset += Math.ceil(piece.length / RECORD_ALIGNMENT) * RECORD_ALIGNMENT;
      this.#at = page.lsn + BigInt(offset);
      this.#unfinished = grown.missingBytes > 0 ? grown : null;
      if (grown.missingBytes > 0) return { records, after: NEXT_PAGE };
      const record = decodeRecord(whole(grown.pieces), begun.startLsn, this.#at);
      if (record === null) return { records, after: damaged("a record's checksum is not that of its bytes") };
      if (this.#previousLsn !== null && record.previousLsn !== this.#previousLsn)
        return { records, after: damaged("a record does not follow the one before it") };
      this.#previousLsn = record.startLsn;
      this.#end = record.endLsn;
      records.push(record);
      if (record.event.kind === "segment-switch") return { records, after: NEXT_SEGMENT };
    }
    return { records, after: NEXT_PAGE };
  }

  /** Why a page cannot be the next one; null when it can. */
  #refusalOf({ header, lsn, segment }: WalPage): AfterPage | null {
    if (header === null) return ENDS_HERE;
    if (header.systemId !== null && header.systemId !== this.#systemId)
      return damaged(`it is of another server, whose system identifier is ${header.systemId}`);
    if (header.lsn !== lsn) return damaged("a page says that it belongs elsewhere");
    if (header.timeline > segment.timeline) return damaged("a page is of a later timeline than its file");
    if (header.overwritesUnfinished) this.#unfinished = null;
    if (this.#unfinished !== null && header.continuedBytes !== this.#unfinished.missingBytes)
      return damaged("a record does not go on in its next page");
    return null;
  }
}

/** The record that begins at an offset of a page, without any of its bytes; null where nothing was written. */
function beginningAt(page: WalPage, offset: number): Unfinished | null {
  const totalBytes = page.bytes.readUInt32LE(offset);
  if (totalBytes === 0) return null;
  const missingBytes = totalBytes < RECORD_HEADER_BYTES ? -1 : totalBytes;
  return { startLsn: page.lsn + BigInt(offset), pieces: [], missingBytes };
}

/** Most records are in one page: only the others are copied. */
function whole(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}

function damaged(why: string): AfterPage {
  return { kind: "damaged", why };
}
