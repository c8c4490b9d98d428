import type { Clock } from "../../core/index.ts";
import type { FlowItem } from "./flow-item.ts";

/** A toxic's attributes as Toxiproxy's API carries them: whole numbers, units by attribute. */
export type ToxicAttributes = Readonly<Record<string, number>>;

/** What a toxic is given to work with on one direction of one connection. */
export interface StageHost {
  readonly clock: Clock;
  /** Gives an item on, towards the destination. */
  emit(item: FlowItem): void;
  /** Counts bytes that this toxic affected; 0 when it affected the connection and no bytes. */
  bite(bytes: number): void;
  /** The seeded decision, in [0, 1), about the chunk of that number. */
  roll(chunk: number): number;
}

/** One toxic at work on one direction of one connection. */
export interface Stage {
  /** Bytes held back, by which the source is slowed down. */
  readonly heldBytes: number;
  push(item: FlowItem): void;
  /** Takes over changed attributes, for what is held too. */
  update(attributes: ToxicAttributes): void;
  /** Gives on all that is held, at once and in order, since the toxic is removed. The stage is not used again. */
  release(): void;
  /** Forgets all that is held and stops its timers, since the connection is gone. */
  discard(): void;
}
