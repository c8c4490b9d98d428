import type { Clock } from "../../core/index.ts";

/** What to record, and for how long. */
export interface RecordingOptions {
  /** The venue's WebSocket, without a path. */
  readonly webSocketUrl: string;
  /** Hosts besides this machine that may be recorded. */
  readonly allowedHosts: readonly string[];
  /** Upper case: `BTCUSDT`. */
  readonly symbols: readonly string[];
  readonly durationMs: number;
  /** The folder for the files; it is created when it is missing. */
  readonly folder: string;
  readonly clock: Clock;
  /** Removes credentials of the venue's address from what the venue sends. */
  readonly filter: (text: string) => string;
  /** Ends the recording early and keeps what was recorded. */
  readonly signal: AbortSignal;
}

/** A file that was recorded. */
export interface RecordedFile {
  readonly path: string;
  readonly frames: number;
}
