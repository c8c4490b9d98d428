import { type Clock, type Random, seededRandom } from "../../core/index.ts";
import { type VenueName, venuesOf } from "../../venues/index.ts";
import type { Frequency, Misbehavior, Occasions } from "./misbehavior.ts";
import { MISBEHAVIORS } from "./registry.ts";

/** The state of a misbehavior at one venue. */
export interface MisbehaviorState {
  readonly misbehavior: Misbehavior;
  /** `off` when it is not enabled, or has expired. */
  readonly frequency: Frequency | "off";
  readonly options: object;
  /** Occasions since it was enabled. */
  readonly occasions: number;
  /** How often it took effect since the venue's start or reset. */
  readonly bites: number;
  /** When it expires, in ms from now; null: not before it is disabled. */
  readonly expiresInMs: number | null;
}

/** How a misbehavior is enabled. */
export interface Activation {
  readonly frequency: Frequency;
  /** Its own options, already checked by its schema. */
  readonly options: object;
  /**
   * The time to live after which it expires, so that it does not outlast a client that was killed; null:
   * none.
   */
  readonly ttlMs: number | null;
}

interface SwitchState {
  readonly misbehavior: Misbehavior;
  readonly random: Random;
  on: { readonly activation: Activation; readonly untilMs: number } | undefined;
  /** Counts how often it was enabled, so that a socket counts at most one occasion for each time. */
  activations: number;
  occasions: number;
  bites: number;
}

/** What a venue's switchboard is made of. */
export interface SwitchboardOptions {
  readonly venue: VenueName;
  /** Draws the occasions for misbehaviors with a share. */
  readonly seed: number;
  readonly clock: Clock;
}

/** One venue's misbehaviors: which are active, and how often each took effect. */
export class Switchboard implements Occasions {
  readonly #clock: Clock;
  readonly #switches = new Map<string, SwitchState>();
  readonly #listeners: ((misbehavior: Misbehavior) => void)[] = [];

  constructor({ venue, seed, clock }: SwitchboardOptions) {
    this.#clock = clock;
    const random = seededRandom(seed).fork(`misbehaviors of ${venue}`);
    for (const misbehavior of MISBEHAVIORS) {
      if (!venuesOf(misbehavior.name).includes(venue)) continue;
      const own = { random: random.fork(misbehavior.name), on: undefined };
      this.#switches.set(misbehavior.name, {
        ...{ misbehavior, ...own },
        ...{ activations: 0, occasions: 0, bites: 0 },
      });
    }
  }

  get states(): readonly MisbehaviorState[] {
    return [...this.#switches.values()].map((held) => this.#stateOf(held));
  }

  state(name: string): MisbehaviorState | undefined {
    const held = this.#switches.get(name);
    return held === undefined ? undefined : this.#stateOf(held);
  }

  /** Enables one and counts occasions from now. The caller has checked the name. */
  switchOn(name: string, activation: Activation): void {
    const held = this.#switches.get(name);
    if (held === undefined) return;
    const { ttlMs } = activation;
    const untilMs = ttlMs === null ? Number.POSITIVE_INFINITY : this.#clock.monotonicMs() + ttlMs;
    held.on = { activation, untilMs };
    held.activations++;
    held.occasions = 0;
    for (const listener of this.#listeners) listener(held.misbehavior);
  }

  /** Disables one. Its bites remain readable. */
  switchOff(name: string): void {
    const held = this.#switches.get(name);
    if (held !== undefined) held.on = undefined;
  }

  /** Calls the listener when a misbehavior is enabled, for those that act immediately. */
  onSwitchedOn(listener: (misbehavior: Misbehavior) => void): void {
    this.#listeners.push(listener);
  }

  /** Counts an occasion. Returns the misbehavior's options when it takes effect. */
  strikes<Options extends object>(misbehavior: Misbehavior<Options>): Options | undefined {
    const held = this.#switches.get(misbehavior.name);
    const activation = held === undefined ? undefined : this.#activationOf(held);
    if (held === undefined || activation === undefined) return undefined;
    held.occasions++;
    if (!strikesAt(activation.frequency, held.occasions, held.random)) return undefined;
    held.bites++;
    return activation.options as Options;
  }

  /** Counts an occasion and returns whether the misbehavior takes effect. */
  bites(misbehavior: Misbehavior): boolean {
    return this.strikes(misbehavior) !== undefined;
  }

  /** The options of an active misbehavior. Counts nothing. */
  active<Options extends object>({ name }: Misbehavior<Options>): Options | undefined {
    const held = this.#switches.get(name);
    return held === undefined ? undefined : (this.#activationOf(held)?.options as Options | undefined);
  }

  /** A number that changes whenever the misbehavior is enabled; undefined while it is off. */
  activationOf({ name }: Misbehavior): number | undefined {
    const held = this.#switches.get(name);
    if (held === undefined || this.#activationOf(held) === undefined) return undefined;
    return held.activations;
  }

  #activationOf(held: SwitchState): Activation | undefined {
    if (held.on !== undefined && this.#clock.monotonicMs() >= held.on.untilMs) held.on = undefined;
    return held.on?.activation;
  }

  #stateOf(held: SwitchState): MisbehaviorState {
    const activation = this.#activationOf(held);
    const untilMs = held.on?.untilMs ?? Number.POSITIVE_INFINITY;
    return {
      misbehavior: held.misbehavior,
      frequency: activation?.frequency ?? "off",
      options: activation?.options ?? {},
      occasions: held.occasions,
      bites: held.bites,
      expiresInMs: Number.isFinite(untilMs) ? Math.ceil(untilMs - this.#clock.monotonicMs()) : null,
    };
  }
}

function strikesAt(frequency: Frequency, occasions: number, random: Random): boolean {
  if ("every" in frequency) return occasions % frequency.every === 0;
  if ("times" in frequency) return occasions <= frequency.times;
  return random.next() < frequency.share;
}
