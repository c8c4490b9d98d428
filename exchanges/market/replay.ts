import type { Clock } from "../../core/index.ts";
import type { MarketEvent } from "./market-event.ts";
import { AS_RECORDED, type Retime } from "./tape/retime.ts";
import type { TrackPlayer } from "./track-player.ts";

/** How a tape is played. */
export interface ReplayOptions {
  /** Tape seconds per second: 1 is the recorded speed. */
  readonly tapeSpeed: number;
  readonly tapeTime: "live" | "recorded";
  readonly clock: Clock;
  readonly onEvent: (event: MarketEvent) => void;
  /** Called once when a frame cannot be decoded; the replay then stops. */
  readonly onError: (cause: unknown) => void;
}

const PASS_GAP_MS = 100;
const NOT_LOADED_WAIT_MS = 5;
/** Up to this delay a frame is sent with its due time. */
const MAX_LIVE_LAG_MS = 500;
/** A timer of Node's fires at once when it is longer. A recording may have a gap of years in it. */
const LONGEST_WAIT_MS = 2_147_483_647;
/** Recordings that begin further apart were not made together, and are played from their beginnings. */
const MAX_APART_MS = 600_000;
/** When the replay is behind, it plays frames for this long before it yields to other work. */
const SLICE_MS = 5;

/** A player, and by how much it is played before the time of its recording. */
interface AlignedPlayer {
  readonly player: TrackPlayer;
  readonly earlierByMs: number;
  readonly retime: Retime;
}

/**
 * Plays tracks together, each frame when it is due and in the recorded order. When a timer is late, all
 * overdue frames are sent at once, in order. At the end it begins again. A live market that is too late is
 * postponed, so that no frame has a time long past.
 */
export class Replay {
  readonly #players: readonly AlignedPlayer[];
  readonly #options: ReplayOptions;
  readonly #startMs: number;
  /** The start of the first pass by the monotonic clock, not counting the time that the tape was halted. */
  #originMs = 0;
  #passStartMs = 0;
  /** The difference between the wall clock and the monotonic clock. */
  #wallOffsetMs = 0;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #pausedAtMs: number | null = null;
  #stopped = false;

  constructor(players: readonly TrackPlayer[], options: ReplayOptions) {
    this.#options = options;
    this.#startMs = Math.min(...players.map(({ startMs }) => startMs));
    this.#players = players.map((player) => {
      const apartMs = player.startMs - this.#startMs;
      const earlierByMs = apartMs > MAX_APART_MS ? apartMs : 0;
      const live: Retime = (tapeMs) => this.#venueMs(tapeMs - earlierByMs);
      return { player, earlierByMs, retime: options.tapeTime === "live" ? live : AS_RECORDED };
    });
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

  /** Continues where the tape was halted; the time between does not count. */
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
          this.#timer = setTimeout(() => this.#step(), Math.min(waitMs, LONGEST_WAIT_MS));
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

  /** Plays the earliest frame if it is due. Returns the ms to wait before the next call. */
  #playNext(): number {
    let earliest: AlignedPlayer | undefined;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const aligned of this.#players) {
      const { next } = aligned.player;
      if (next === "not-loaded") return NOT_LOADED_WAIT_MS;
      if (next !== "end" && next - aligned.earlierByMs < earliestMs) {
        earliest = aligned;
        earliestMs = next - aligned.earlierByMs;
      }
    }
    if (earliest === undefined) return this.#rewind();
    this.#catchUp(earliestMs);
    const waitMs = this.#waitMsUntil(earliestMs);
    if (waitMs > 0) return waitMs;
    this.#emit(earliest.player.play(earliest.retime));
    return 0;
  }

  #rewind(): number {
    const ends = this.#players.map(({ player, earlierByMs }) => player.lastAtMs - earlierByMs);
    const endMs = Math.max(...ends) + PASS_GAP_MS;
    const waitMs = this.#waitMsUntil(endMs);
    if (waitMs > 0) return waitMs;
    const durationMs = endMs - this.#startMs;
    this.#passStartMs += durationMs / this.#options.tapeSpeed;
    for (const { player } of this.#players) this.#emit(player.rewind(durationMs));
    return 0;
  }

  #emit(event: MarketEvent | undefined): void {
    if (event !== undefined && !this.#stopped) this.#options.onEvent(event);
  }

  /**
   * The time of an event by the venue's clock. In later passes, `tapeMs` continues where the pass before
   * ended.
   */
  #venueMs(tapeMs: number): number {
    return this.#wallOffsetMs + this.#originMs + (tapeMs - this.#startMs) / this.#options.tapeSpeed;
  }

  #waitMsUntil(tapeMs: number): number {
    return Math.max(0, -this.#lagMs(tapeMs));
  }

  /** How late a frame is; negative: how early. */
  #lagMs(tapeMs: number): number {
    const dueMs = this.#passStartMs + (tapeMs - this.#startMs) / this.#options.tapeSpeed;
    return this.#options.clock.monotonicMs() - dueMs;
  }

  /** A live market has no late frames: when the machine is too slow, the market slows down. */
  #catchUp(tapeMs: number): void {
    const lagMs = this.#lagMs(tapeMs);
    if (this.#options.tapeTime === "live" && lagMs > MAX_LIVE_LAG_MS) this.#postpone(lagMs);
  }

  /** Postpones everything that is still to come. */
  #postpone(byMs: number): void {
    this.#originMs += byMs;
    this.#passStartMs += byMs;
  }
}
