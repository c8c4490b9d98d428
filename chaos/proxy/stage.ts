import type { Clock } from "../../core/index.ts";
import type { LoopShare } from "./fair-loop.ts";
import type { FlowItem } from "./flow-item.ts";
import type { StatementBook } from "./protocols/pg/statement-book.ts";

/** The value of one attribute: a number in the unit its type states, a text, or texts by name (headers). */
export type ToxicAttribute = number | string | Readonly<Record<string, string>>;

/** A toxic's attributes, as in the control API. */
export type ToxicAttributes = Readonly<Record<string, ToxicAttribute>>;

/** A toxic's view of one connection, whichever direction. */
export interface ToxicHost {
  readonly clock: Clock;
  readonly loop: LoopShare;
  /**
   * Whether the toxic sees the connection from its first byte, or joined later and has to
   * find where a message begins.
   */
  readonly joined: "from-start" | "midway";
  /** Counts bytes that this toxic affected; 0 when it affected the connection but no bytes. */
  bite(bytes: number): void;
  /** Counts a message that this toxic affected, and logs the decision about it. */
  biteMessage(message: AffectedMessage): void;
  /** The seeded decision, in [0, 1), for the chunk or message of that number. */
  roll(number: number): number;
  /** The number, from 1, of the next message that matches the toxic, over all connections of the proxy. */
  nextMatch(): number;
  /** Reports that this connection cannot be parsed; from now on everything passes. */
  giveUp(why: string): void;
}

/** A message that a toxic affected. */
export interface AffectedMessage {
  /** Counts from 1 within this connection and direction. */
  readonly number: number;
  /** The action: `reply to COMMIT lost`. */
  readonly what: string;
  readonly bytes: number;
}

/** A toxic's view of one direction of one connection. */
export interface StageHost extends ToxicHost {
  /** Passes on an item, towards the destination. */
  emit(item: FlowItem): void;
  /**
   * Keeps the stage on its connection after the toxic is removed, because earlier changes affect later bytes.
   * It is still released, and then passes everything on in a form that the receiver can read.
   */
  outlive(): void;
}

/** The view of a toxic that works on both directions of one connection. */
export interface StagePairHost extends ToxicHost {
  /** What a client of PostgreSQL has prepared on this connection; undefined when it could not be read. */
  earlierStatements(): StatementBook | undefined;
  /** Passes on an item towards the server. */
  emitUpstream(item: FlowItem): void;
  /** Passes on an item towards the client. */
  emitDownstream(item: FlowItem): void;
}

/** One toxic on one direction of one connection. */
export interface Stage {
  /** Held bytes; when they are too many, the source is paused. */
  readonly heldBytes: number;
  push(item: FlowItem): void;
  /** Applies changed attributes, also to what is held. */
  update(attributes: ToxicAttributes): void;
  /**
   * Passes on everything that is held, immediately and in order, because the toxic is removed. The stage is
   * not used again, unless it outlives its toxic.
   */
  release(): void;
  /** Drops everything that is held and stops its timers, because the connection is closed. */
  discard(): void;
}

/** One toxic on both directions of one connection. Each half is updated, released and discarded by itself. */
export interface StagePair {
  readonly upstream: Stage;
  readonly downstream: Stage;
}
