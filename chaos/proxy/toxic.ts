import type { Stream } from "./decision.ts";
import type { ToxicAttributes } from "./stage.ts";
import type { ToxicType } from "./toxics/toxic-type.ts";

/** A toxic as the control API returns it. */
export interface ToxicBody {
  readonly attributes: ToxicAttributes;
  readonly name: string;
  readonly type: string;
  readonly stream: Stream;
  readonly toxicity: number;
}

/**
 * A toxic on a proxy. Its attributes and toxicity can change while connections are open; the rest is fixed.
 */
export class Toxic {
  readonly name: string;
  readonly stream: Stream;
  readonly type: ToxicType;
  attributes: ToxicAttributes;
  /** The share of connections that it affects, 0 to 1. */
  toxicity: number;

  #matchCount = 0;

  constructor(type: ToxicType, body: Omit<ToxicBody, "type">) {
    this.type = type;
    this.name = body.name;
    this.stream = body.stream;
    this.attributes = body.attributes;
    this.toxicity = body.toxicity;
  }

  get capacityBytes(): number {
    const { capacityBytes } = this.type;
    return typeof capacityBytes === "number" ? capacityBytes : capacityBytes(this.attributes);
  }

  /** The number, from 1, of the next message that matches this toxic, over all connections. */
  nextMatch(): number {
    this.#matchCount += 1;
    return this.#matchCount;
  }

  toBody(): ToxicBody {
    const { attributes, name, type, stream, toxicity } = this;
    return { attributes, name, type: type.type, stream, toxicity };
  }
}
