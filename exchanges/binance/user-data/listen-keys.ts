import type { Clock, Random } from "../../../core/index.ts";
import { binanceError } from "../binance-error.ts";

/** Whether listen keys are still issued: the venue retired them on 2026-02-20. */
export type ListenKeyMode = "served" | "retired";

const VALID_MS = 60 * 60_000;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH = 64;

/** The account's listen key: at most one, valid for an hour after its last renewal. */
export class ListenKeys {
  readonly #mode: ListenKeyMode;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onBegin: (listenKey: string) => () => void;
  #onEnd: () => void = () => undefined;
  #key: string | undefined;
  #validUntilMs = 0;

  /**
   * `onBegin` is called with a new key and returns the function to call when the key is closed or has
   * expired.
   */
  constructor(mode: ListenKeyMode, clock: Clock, random: Random, onBegin: (listenKey: string) => () => void) {
    this.#mode = mode;
    this.#clock = clock;
    this.#random = random;
    this.#onBegin = onBegin;
  }

  /**
   * The active key, created if there is none, and valid for another hour. Throws -1016 when listen keys are
   * retired.
   */
  start(): string {
    if (this.#mode === "retired") throw binanceError.retired();
    this.expire();
    if (this.#key === undefined) {
      this.#key = this.#fresh();
      this.#onEnd = this.#onBegin(this.#key);
    }
    this.#validUntilMs = this.#clock.nowMs() + VALID_MS;
    return this.#key;
  }

  /** Renews a key for another hour. Throws -1125 for any but the active one, -1016 when retired. */
  keepAlive(key: string): void {
    this.#check(key);
    this.#validUntilMs = this.#clock.nowMs() + VALID_MS;
  }

  /** Closes a key. Throws -1125 for any but the active one, -1016 when retired. */
  close(key: string): void {
    this.#check(key);
    this.#end();
  }

  /** The key that is valid now, if any. */
  get active(): string | undefined {
    this.expire();
    return this.#key;
  }

  /** Closes the key when it has expired. */
  expire(): void {
    if (this.#key !== undefined && this.#clock.nowMs() >= this.#validUntilMs) this.#end();
  }

  /** Ends the key before its time. */
  endEarly(): void {
    if (this.active !== undefined) this.#end();
  }

  #check(key: string): void {
    if (this.#mode === "retired") throw binanceError.retired();
    if (this.active !== key) throw binanceError.noSuchListenKey();
  }

  #end(): void {
    this.#key = undefined;
    this.#onEnd();
  }

  #fresh(): string {
    return Array.from({ length: LENGTH }, () => LETTERS[this.#random.below(LETTERS.length)]).join("");
  }
}
