import type { Socket } from "node:net";
import type { Clock } from "../../core/index.ts";
import type { BiteLedger } from "./bite-ledger.ts";
import type { DecisionLog } from "./decision-log.ts";
import { Draws } from "./draws.ts";
import { toTimerMs } from "./hold-queue.ts";
import type { Toxic } from "./toxic.ts";

export interface ArrivalOptions {
  readonly client: Socket;
  readonly proxy: string;
  /** The number of the connection on its proxy, from 1. */
  readonly number: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly ledger: BiteLedger;
  readonly decisions: DecisionLog;
  /** Called once when the client may be connected to the server; never when it is refused or leaves. */
  onProceed(): void;
  /** The client was reset or has left. */
  onGone(): void;
}

type Fate =
  | { readonly kind: "proceed"; readonly atMs: number }
  | { readonly kind: "hang" }
  | { readonly kind: "reset" };

/**
 * A client that is accepted but not yet connected to the server, while toxics on new connections act on it.
 */
export class Arrival {
  readonly #options: ArrivalOptions;
  readonly #arrivedAtMs: number;
  readonly #touchedBy = new Set<Toxic>();
  readonly #draws: Draws;
  #timer: NodeJS.Timeout | undefined;
  #decided = false;

  constructor(options: ArrivalOptions) {
    this.#options = options;
    this.#draws = new Draws({ ...options, connection: options.number });
    this.#arrivedAtMs = options.clock.monotonicMs();
    options.client.once("close", this.#onClose);
    options.client.on("error", this.#onClose);
  }

  /** Decides by the current toxics: at first, and again whenever they change while the client waits. */
  consider(toxics: readonly Toxic[]): void {
    if (this.#decided) return;
    clearTimeout(this.#timer);
    const fate = this.#fateUnder(toxics);
    if (fate.kind === "reset") {
      this.#turnAway();
    } else if (fate.kind === "proceed") {
      const waitMs = fate.atMs - this.#options.clock.monotonicMs();
      if (waitMs > 0) this.#timer = setTimeout(() => this.consider(toxics), toTimerMs(waitMs));
      else this.#proceed();
    }
  }

  #fateUnder(toxics: readonly Toxic[]): Fate {
    let atMs = this.#arrivedAtMs;
    for (const toxic of toxics) {
      if (toxic.type.works !== "on-connect" || !this.#draws.takes(toxic)) continue;
      const outcome = toxic.type.connect(() => this.#draws.roll(toxic, 1), toxic.attributes);
      if (outcome.kind === "proceed" && outcome.afterMs === 0) continue;
      this.#bite(toxic);
      if (outcome.kind !== "proceed") return outcome;
      atMs += outcome.afterMs;
    }
    return { kind: "proceed", atMs };
  }

  #bite(toxic: Toxic): void {
    if (this.#touchedBy.has(toxic)) return;
    this.#touchedBy.add(toxic);
    this.#options.ledger.add(toxic.name, { newConnections: 1, bytes: 0, messages: 0 });
  }

  #proceed(): void {
    this.#finish();
    this.#options.onProceed();
  }

  #turnAway(): void {
    this.#finish();
    this.#options.client.resetAndDestroy();
    this.#options.onGone();
  }

  readonly #onClose = () => {
    if (this.#decided) return;
    this.#finish();
    this.#options.client.destroy();
    this.#options.onGone();
  };

  #finish(): void {
    this.#decided = true;
    clearTimeout(this.#timer);
    const { client } = this.#options;
    client.off("close", this.#onClose);
    client.off("error", this.#onClose);
  }
}
