/** One task of the load program, sent by the benchmark. Every port is on 127.0.0.1. */
export type LoadTask =
  /** Bytes in one direction over one connection; `upload` ends when the origin has confirmed all of them. */
  | { readonly kind: "download" | "upload"; readonly port: number; readonly bytes: number }
  /** Each connection sends a message, waits until all of it was echoed, and sends the next. */
  | {
      readonly kind: "round-trips";
      readonly port: number;
      readonly connections: number;
      readonly messageBytes: number;
      readonly durationMs: number;
    }
  /** Connections that are opened, used for one message, and closed; `parallel` of them at a time. */
  | { readonly kind: "connects"; readonly port: number; readonly count: number; readonly parallel: number }
  /** Opens connections, uses each for one message, and keeps them open. */
  | { readonly kind: "hold"; readonly port: number; readonly connections: number }
  /** Closes what `hold` opened. */
  | { readonly kind: "let-go" };

/** The result of a task. Fields that a task does not measure are 0. */
export interface LoadResult {
  readonly seconds: number;
  /** Round trips or connections in that time. */
  readonly count: number;
  /** The 99th percentile of a round trip. */
  readonly latencyMsP99: number;
}

/** The purpose of a connection to the origin: its first byte. */
export const ORIGIN_MODE = {
  /** Everything is echoed, that byte included. */
  echo: 0x45,
  /** Followed by a length (a double, big-endian): the origin sends that many bytes. */
  download: 0x44,
  /**
   * Followed by a length and that many bytes: the origin answers with one byte when it has received them all.
   */
  upload: 0x55,
} as const;

/** A mode and its length: the head of a bulk transfer. */
export const BULK_HEAD_BYTES = 9;

export function bulkHead(kind: "download" | "upload", bytes: number): Buffer {
  const head = Buffer.alloc(BULK_HEAD_BYTES);
  head.writeUInt8(ORIGIN_MODE[kind]);
  head.writeDoubleBE(bytes, 1);
  return head;
}

/** Both ends of a bulk transfer write blocks of this size. */
export const BULK_BLOCK_BYTES = 256 * 1024;
