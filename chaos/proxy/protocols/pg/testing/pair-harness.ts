import { systemClock } from "../../../../../core/index.ts";
import { type FlowItem, isEnding } from "../../../flow-item.ts";
import type { StagePair } from "../../../stage.ts";
import { ENDLESS_TURN } from "../../../test-rig.ts";
import type { ToxicType } from "../../../toxics/toxic-type.ts";

/** A toxic on both directions of one connection, without sockets. */
export class PairHarness {
  readonly sent: Record<"upstream" | "downstream", FlowItem[]> = { upstream: [], downstream: [] };
  readonly gaveUp: string[] = [];
  messages = 0;
  /** The most that was held at any time. */
  maxHeldBytes = 0;
  readonly #pair: StagePair;

  /** Absent attributes have their fallbacks. */
  constructor(
    type: ToxicType,
    attributes: Readonly<Record<string, string | number>>,
    joined: "from-start" | "midway",
  ) {
    if (type.works !== "two-way") throw new Error(`${type.type} does not work on both directions`);
    const fallbacks = Object.entries(type.attributes).map(([name, spec]) => [name, spec.fallback]);
    let matches = 0;
    this.#pair = type.start(
      {
        clock: systemClock,
        loop: ENDLESS_TURN,
        joined,
        bite: () => undefined,
        biteMessage: () => {
          this.messages += 1;
        },
        roll: () => 0.5,
        nextMatch: () => {
          matches += 1;
          return matches;
        },
        giveUp: (why) => this.gaveUp.push(why),
        earlierStatements: () => undefined,
        emitUpstream: (item) => this.sent.upstream.push(item),
        emitDownstream: (item) => this.sent.downstream.push(item),
      },
      { ...Object.fromEntries(fallbacks), ...attributes },
    );
  }

  get heldBytes(): number {
    return this.#pair.upstream.heldBytes + this.#pair.downstream.heldBytes;
  }

  push(stream: "upstream" | "downstream", chunks: readonly Buffer[]): void {
    for (const chunk of chunks) {
      this.#pair[stream].push(chunk);
      this.maxHeldBytes = Math.max(this.maxHeldBytes, this.heldBytes);
    }
  }

  release(): void {
    this.#pair.upstream.release();
    this.#pair.downstream.release();
  }

  /** The bytes that were emitted. */
  bytes(stream: "upstream" | "downstream"): Buffer {
    return Buffer.concat(this.sent[stream].filter((item): item is Buffer => !isEnding(item)));
  }

  /** The endings that were emitted. */
  endings(stream: "upstream" | "downstream"): FlowItem[] {
    return this.sent[stream].filter(isEnding);
  }
}
