import { toTimerMs } from "../hold-queue.ts";
import type { StagePairHost } from "../stage.ts";
import { choice, wholeNumber } from "./attribute-spec.ts";
import { PACING_CAPACITY_BYTES, twoWayToxic } from "./toxic-type.ts";

interface CutAttributes {
  readonly after: number;
  readonly how: "close" | "reset";
}

/**
 * Lets everything pass, and ends the connection `after` the toxic joined it, even while it is busy: a load
 * balancer's age limit, or a session limit of a venue. A changed value also counts from when the toxic
 * joined.
 */
export const cutAfter = twoWayToxic({
  type: "cut_after",
  summary: "ends the connection after a time, even while it is in use",
  attributes: {
    after: wholeNumber("ms", "ms until a connection is ended"),
    how: choice("close (a FIN to both sides) or reset", ["close", "reset"]),
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start(host, initial) {
    const cut = new PendingCut(host, initial);
    const half = (emit: StagePairHost["emitUpstream"]) => ({
      heldBytes: 0,
      push: emit,
      update: (attributes: CutAttributes) => cut.arm(attributes),
      release: () => cut.disarm(),
      discard: () => cut.disarm(),
    });
    return {
      upstream: half((item) => host.emitUpstream(item)),
      downstream: half((item) => host.emitDownstream(item)),
    };
  },
});

class PendingCut {
  readonly #host: StagePairHost;
  readonly #joinedAtMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: StagePairHost, attributes: CutAttributes) {
    this.#host = host;
    this.#joinedAtMs = host.clock.monotonicMs();
    this.arm(attributes);
  }

  arm(attributes: CutAttributes): void {
    this.disarm();
    const waitMs = this.#joinedAtMs + attributes.after - this.#host.clock.monotonicMs();
    // Never within the call that starts the stages: the chain is complete only when that returns.
    if (waitMs > 0) this.#timer = setTimeout(() => this.arm(attributes), toTimerMs(waitMs));
    else this.#timer = setTimeout(() => this.#cut(attributes), 0);
  }

  disarm(): void {
    clearTimeout(this.#timer);
  }

  #cut({ how }: CutAttributes): void {
    this.#host.bite(0);
    this.#host.emitDownstream(how === "reset" ? "reset" : "close");
  }
}
