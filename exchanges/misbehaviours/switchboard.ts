import type { Frequency, Misbehaviour } from "./misbehaviour.ts";
import { MISBEHAVIOURS } from "./registry.ts";

/** A misbehaviour as it stands at one venue. */
export interface MisbehaviourState extends Misbehaviour {
  /** `off` when it is not switched on. */
  readonly frequency: Frequency | "off";
  /** Occasions since it was switched on. */
  readonly occasions: number;
  /** How often it struck since the venue's start or reset. */
  readonly bites: number;
}

interface Switch {
  frequency: Frequency | "off";
  /** Counts the times it was switched on, so that a socket knows whether it was asked already. */
  activation: number;
  occasions: number;
  bites: number;
}

/** One venue's misbehaviours: which are on, and how often each bit. */
export class Switchboard {
  readonly #switches = new Map<string, Switch>();

  constructor() {
    for (const { name } of MISBEHAVIOURS) {
      this.#switches.set(name, { frequency: "off", activation: 0, occasions: 0, bites: 0 });
    }
  }

  get states(): readonly MisbehaviourState[] {
    return MISBEHAVIOURS.flatMap((misbehaviour) => this.state(misbehaviour.name) ?? []);
  }

  state(name: string): MisbehaviourState | undefined {
    const misbehaviour = MISBEHAVIOURS.find((known) => known.name === name);
    const held = this.#switches.get(name);
    if (misbehaviour === undefined || held === undefined) return undefined;
    const { frequency, occasions, bites } = held;
    return { ...misbehaviour, frequency, occasions, bites };
  }

  /** Switches on, counting occasions from here. The caller has checked the name. */
  switchOn(name: string, frequency: Frequency): void {
    const held = this.#switches.get(name);
    if (held === undefined) return;
    held.frequency = frequency;
    held.activation++;
    held.occasions = 0;
  }

  /** Switches off. The bites stay readable. */
  switchOff(name: string): void {
    const held = this.#switches.get(name);
    if (held !== undefined) held.frequency = "off";
  }

  /** Counts an occasion and says whether the misbehaviour strikes at it. */
  bites({ name }: Misbehaviour): boolean {
    const held = this.#switches.get(name);
    if (held === undefined || held.frequency === "off") return false;
    held.occasions++;
    const { frequency, occasions } = held;
    const struck = "every" in frequency ? occasions % frequency.every === 0 : occasions <= frequency.times;
    if (struck) held.bites++;
    return struck;
  }

  /** A number that changes whenever the misbehaviour is switched on; nothing while it is off. */
  activationOf({ name }: Misbehaviour): number | undefined {
    const held = this.#switches.get(name);
    return held === undefined || held.frequency === "off" ? undefined : held.activation;
  }
}
