import { systemClock } from "../../../../../core/index.ts";
import type { FlowItem } from "../../../flow-item.ts";
import type { AffectedMessage, StagePair, StagePairHost, ToxicAttributes } from "../../../stage.ts";
import { ENDLESS_TURN } from "../../../test-rig.ts";
import type { ToxicType } from "../../../toxics/toxic-type.ts";

/** An http toxic on a simulated connection, with its input and output. */
export class StageBench {
  readonly stages: StagePair;
  readonly upstream: FlowItem[] = [];
  readonly downstream: FlowItem[] = [];
  readonly messages: AffectedMessage[] = [];
  readonly gaveUp: string[] = [];
  bittenBytes = 0;
  maxHeldBytes = 0;
  #matches = 0;

  constructor(
    type: ToxicType,
    attributes: ToxicAttributes,
    joined: StagePairHost["joined"] = "from-start",
    roll: (number: number) => number = () => 0.5,
  ) {
    if (type.works !== "two-way") throw new TypeError("http toxics work on both directions");
    const host: StagePairHost = {
      clock: systemClock,
      loop: ENDLESS_TURN,
      joined,
      roll,
      bite: (bytes) => {
        this.bittenBytes += bytes;
      },
      biteMessage: (message) => this.messages.push(message),
      nextMatch: () => {
        this.#matches += 1;
        return this.#matches;
      },
      giveUp: (why) => this.gaveUp.push(why),
      earlierStatements: () => undefined,
      emitUpstream: (item) => this.upstream.push(item),
      emitDownstream: (item) => this.downstream.push(item),
    };
    const fallbacks = Object.entries(type.attributes).map(([name, spec]) => [name, spec.fallback]);
    this.stages = type.start(host, { ...Object.fromEntries(fallbacks), ...attributes });
  }

  /** What the server received. */
  get sent(): Buffer {
    return bytesOf(this.upstream);
  }

  /** What the client received. */
  get received(): Buffer {
    return bytesOf(this.downstream);
  }

  get heldBytes(): number {
    return this.stages.upstream.heldBytes + this.stages.downstream.heldBytes;
  }

  request(...items: readonly (FlowItem | string)[]): this {
    return this.#push(this.stages.upstream, items);
  }

  reply(...items: readonly (FlowItem | string)[]): this {
    return this.#push(this.stages.downstream, items);
  }

  /** Removes the toxic: the upstream half first, as the proxy does. */
  release(): this {
    this.stages.upstream.release();
    this.stages.downstream.release();
    return this;
  }

  discard(): void {
    this.stages.upstream.discard();
    this.stages.downstream.discard();
  }

  #push(stage: StagePair["upstream"], items: readonly (FlowItem | string)[]): this {
    for (const item of items) {
      stage.push(
        ENDINGS.has(item) || Buffer.isBuffer(item) ? (item as FlowItem) : Buffer.from(item, "latin1"),
      );
      this.maxHeldBytes = Math.max(this.maxHeldBytes, stage.heldBytes);
    }
    return this;
  }
}

const ENDINGS = new Set<FlowItem | string>(["end", "close", "reset"]);

function bytesOf(items: readonly FlowItem[]): Buffer {
  return Buffer.concat(items.filter((item): item is Buffer => Buffer.isBuffer(item)));
}
