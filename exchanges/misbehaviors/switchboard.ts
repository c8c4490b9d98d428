import { type Clock, type Random, seededRandom } from "../../core/index.ts";
import type { VenueName } from "../../venues/index.ts";
import type { Frequency, Misbehavior, Occasions } from "./misbehavior.ts";
import { MISBEHAVIORS } from "./registry.ts";

/** A misbehavior as it stands at one venue. */
export interface MisbehaviorState {
  readonly misbehavior: Misbehavior;
  /** `off` when it is not switched on, or has lapsed. */
  readonly frequency: Frequency | "off";
  readonly options: object;
  /** Occasions since it was switched on. */
  readonly occasions: number;
  /** How often it struck since the venue's start or reset. */
  readonly bites: number;
  /** When it lapses by itself, in ms from now; null: not before it is switched off. */
  readonly lapsesInMs: number | null;
}

/** How a misbehavior is switched on. */
export interface Activation {
  readonly frequency: Frequency;
  /** Of its own, already read by its schema. */
  readonly options: object;
  /** After this it lapses, so that one whose owner was killed does not stay for ever; null: never. */
  readonly ttlMs: number | null;
}

interface Switch {
  readonly misbehavior: Misbehavior;
  readonly random: Random;
  on: { readonly activation: Activation; readonly untilMs: number } | undefined;
  /** Counts the times it was switched on, so that a socket knows whether it was asked already. */
  activations: number;
  occasions: number;
  bites: number;
}

/** What a venue's switchboard is made of. */
export interface SwitchboardOptions {
  readonly venue: VenueName;
  /** Decides what misbehaviors with a share strike at. */
  readonly seed: number;
  readonly clock: Clock;
}

/** One venue's misbehaviors: which are on, and how often each bit. */
export class Switchboard implements Occasions {
  readonly #clock: Clock;
  readonly #switches = new Map<string, Switch>();
  readonly #listeners: ((misbehavior: Misbehavior) => void)[] = [];

  constructor({ venue, seed, clock }: SwitchboardOptions) {
    this.#clock = clock;
    const random = seededRandom(seed).fork(`misbehaviors of ${venue}`);
    for (const misbehavior of MISBEHAVIORS) {
      if (!misbehavior.venues.includes(venue)) continue;
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

  /** Switches on, counting occasions from here. The caller has checked the name. */
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

  /** Switches off. The bites stay readable. */
  switchOff(name: string): void {
    const held = this.#switches.get(name);
    if (held !== undefined) held.on = undefined;
  }

  /** Is called when a misbehavior was switched on, for those that act at once. */
  onSwitchedOn(listener: (misbehavior: Misbehavior) => void): void {
    this.#listeners.push(listener);
  }

  /** Counts an occasion. Returns the misbehavior's options when it strikes at it. */
  strikes<Options extends object>(misbehavior: Misbehavior<Options>): Options | undefined {
    const held = this.#switches.get(misbehavior.name);
    const activation = held === undefined ? undefined : this.#activationOf(held);
    if (held === undefined || activation === undefined) return undefined;
    held.occasions++;
    if (!strikesAt(activation.frequency, held.occasions, held.random)) return undefined;
    held.bites++;
    return activation.options as Options;
  }

  /** Counts an occasion and says whether the misbehavior strikes at it. */
  bites(misbehavior: Misbehavior): boolean {
    return this.strikes(misbehavior) !== undefined;
  }

  /** The options of a misbehavior that is on. Counts nothing. */
  active<Options extends object>({ name }: Misbehavior<Options>): Options | undefined {
    const held = this.#switches.get(name);
    return held === undefined ? undefined : (this.#activationOf(held)?.options as Options | undefined);
  }

  /** A number that changes whenever the misbehavior is switched on; nothing while it is off. */
  activationOf({ name }: Misbehavior): number | undefined {
    const held = this.#switches.get(name);
    if (held === undefined || this.#activationOf(held) === undefined) return undefined;
    return held.activations;
  }

  #activationOf(held: Switch): Activation | undefined {
    if (held.on !== undefined && this.#clock.monotonicMs() >= held.on.untilMs) held.on = undefined;
    return held.on?.activation;
  }

  #stateOf(held: Switch): MisbehaviorState {
    const activation = this.#activationOf(held);
    const untilMs = held.on?.untilMs ?? Number.POSITIVE_INFINITY;
    return {
      misbehavior: held.misbehavior,
      frequency: activation?.frequency ?? "off",
      options: activation?.options ?? {},
      occasions: held.occasions,
      bites: held.bites,
      lapsesInMs: Number.isFinite(untilMs) ? Math.ceil(untilMs - this.#clock.monotonicMs()) : null,
    };
  }
}

function strikesAt(frequency: Frequency, occasions: number, random: Random): boolean {
  if ("every" in frequency) return occasions % frequency.every === 0;
  if ("times" in frequency) return occasions <= frequency.times;
  return random.next() < frequency.share;
}
