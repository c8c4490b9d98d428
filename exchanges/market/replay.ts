import type { Clock } from "../../core/index.ts";
import type { MarketEvent } from "./market-event.ts";
import { AS_RECORDED, type Retime } from "./tape/retime.ts";
import type { TrackPlayer } from "./track-player.ts";

/** How a tape is played. */
export interface ReplayOptions {
  /** Tape seconds a second: 1 is the recorded spacing. */
  readonly tapeSpeed: number;
  readonly tapeTime: "live" | "recorded";
  readonly clock: Clock;
  readonly onEvent: (event: MarketEvent) => void;
  /** Called once when a frame cannot be decoded; the replay stands still then. */
  readonly onError: (cause: unknown) => void;
}

const PASS_GAP_MS = 100;
const NOT_LOADED_WAIT_MS = 5;
/** How late a frame may go out with the time at which it was due. */
const MAX_LIVE_LAG_MS = 500;
/** How long frames are played before other work gets its turn, when the replay is behind its time. */
const SLICE_MS = 5;

/**
 * Plays tracks together, each frame when it is due and never before one that was recorded earlier. A late timer
 * is caught up with: what is overdue goes out at once, in order. At the end it begins again. A market that happens
 * live is postponed when it is too late, so that nothing is told with a time long past.
 */
export class Replay {
  readonly #players: readonly TrackPlayer[];
  readonly #options: ReplayOptions;
  readonly #startMs: number;
  readonly #retime: Retime;
  /** When the first pass would have begun, by the monotonic clock, had the tape never been halted. */
  #originMs = 0;
  #passStartMs = 0;
  /** The wall clock's distance from the monotonic one. */
  #wallOffsetMs = 0;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #pausedAtMs: number | null = null;
  #stopped = false;

  constructor(players: readonly TrackPlayer[], options: ReplayOptions) {
    this.#players = players;
    this.#options = options;
    this.#retime = options.tapeTime === "live" ? (tapeMs) => this.#venueMs(tapeMs) : AS_RECORDED;
    this.#startMs = Math.min(...players.map(({ startMs }) => startMs));
  }

  /** Starts the tape's clock. */
  start(): void {
    const { clock } = this.#options;
    this.#originMs = clock.monotonicMs();
    this.#passStartMs = this.#originMs;
    this.#wallOffsetMs = clock.nowMs() - this.#originMs;
    this.#step();
  }

  /** Halts the tape's clock: nothing is played until it is resumed. */
  pause(): void {
    this.#pausedAtMs ??= this.#options.clock.monotonicMs();
    this.#clearTimer();
  }

  /** Goes on where the tape was halted; the time between does not count. */
  resume(): void {
    if (this.#pausedAtMs === null) return;
    this.#postpone(this.#options.clock.monotonicMs() - this.#pausedAtMs);
    this.#pausedAtMs = null;
    this.#step();
  }

  stop(): void {
    this.#stopped = true;
    this.#clearTimer();
  }

  #clearTimer(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
  }

  #step(): void {
    const sliceEndMs = this.#options.clock.monotonicMs() + SLICE_MS;
    try {
      while (!this.#stopped && this.#pausedAtMs === null) {
        const waitMs = this.#playNext();
        if (waitMs > 0) {
          this.#timer = setTimeout(() => this.#step(), waitMs);
          return;
        }
        if (this.#options.clock.monotonicMs() > sliceEndMs) {
          this.#timer = setImmediate(() => this.#step());
          return;
        }
      }
    } catch (cause) {
      this.stop();
      this.#options.onError(cause);
    }
  }

  /** Plays the earliest frame when it is due. Returns how many ms to wait before trying again. */
  #playNext(): number {
    let earliest: TrackPlayer | undefined;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const player of this.#players) {
      const next = player.next;
      if (next === "not-loaded") return NOT_LOADED_WAIT_MS;
      if (next !== "end" && next < earliestMs) {
        earliest = player;
        earliestMs = next;
      }
    }
    if (earliest === undefined) return this.#rewind();
    this.#catchUp(earliestMs);
    const waitMs = this.#waitMsUntil(earliestMs);
    if (waitMs > 0) return waitMs;
    this.#emit(earliest.play(this.#retime));
    return 0;
  }

  #rewind(): number {
    const endMs = Math.max(...this.#players.map(({ lastAtMs }) => lastAtMs)) + PASS_GAP_MS;
    const waitMs = this.#waitMsUntil(endMs);
    if (waitMs > 0) return waitMs;
    const durationMs = endMs - this.#startMs;
    this.#passStartMs += durationMs / this.#options.tapeSpeed;
    for (const player of this.#players) this.#emit(player.rewind(durationMs));
    return 0;
  }

  #emit(event: MarketEvent | undefined): void {
    if (event !== undefined && !this.#stopped) this.#options.onEvent(event);
  }

  /** When something happens by the venue's clock. Of later passes, `tapeMs` goes on where the one before ended. */
  #venueMs(tapeMs: number): number {
    return this.#wallOffsetMs + this.#originMs + (tapeMs - this.#startMs) / this.#options.tapeSpeed;
  }

  #waitMsUntil(tapeMs: number): number {
    return Math.max(0, -this.#lagMs(tapeMs));
  }

  /** How late it is for a frame; negative: how early. */
  #lagMs(tapeMs: number): number {
    const dueMs = this.#passStartMs + (tapeMs - this.#startMs) / this.#options.tapeSpeed;
    return this.#options.clock.monotonicMs() - dueMs;
  }

  /** A market that happens now is not told late: when the machine cannot keep pace, the market slows down. */
  #catchUp(tapeMs: number): void {
    const lagMs = this.#lagMs(tapeMs);
    if (this.#options.tapeTime === "live" && lagMs > MAX_LIVE_LAG_MS) this.#postpone(lagMs);
  }

  /** Moves everything that is still to come. */
  #postpone(byMs: number): void {
    this.#originMs += byMs;
    this.#passStartMs += byMs;
  }
}
