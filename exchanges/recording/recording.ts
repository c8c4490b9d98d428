import type { Clock } from "../../core/index.ts";

/** What is recorded, and for how long. */
export interface RecordingOptions {
  /** The venue's WebSocket, without a path. */
  readonly webSocketUrl: string;
  /** Hosts besides this machine that may be recorded. */
  readonly allowedHosts: readonly string[];
  /** Upper case: `BTCUSDT`. */
  readonly symbols: readonly string[];
  readonly durationMs: number;
  /** Where the files go; it is made when it is missing. */
  readonly folder: string;
  readonly clock: Clock;
  /** Ends the recording early, with what there is. */
  readonly signal: AbortSignal;
}

/** A file that was recorded. */
export interface RecordedFile {
  readonly path: string;
  readonly frames: number;
}
