import type { Clock } from "../../core/index.ts";
import type { BiteLedger } from "./bite-ledger.ts";
import type { Stream } from "./decision.ts";
import { Draws, type DrawsOptions } from "./draws.ts";
import type { LoopShare } from "./fair-loop.ts";
import type { FlowItem } from "./flow-item.ts";
import type { StatementBook } from "./protocols/pg/statement-book.ts";
import type { Stage, StageHost, StagePair, ToxicHost } from "./stage.ts";
import type { Toxic } from "./toxic.ts";

export interface ToxicWorkOptions extends DrawsOptions {
  readonly clock: Clock;
  readonly loop: LoopShare;
  readonly ledger: BiteLedger;
  /** Whether bytes have already passed the connection. */
  hasCarriedBytes(): boolean;
  /** What a client of PostgreSQL has prepared on this connection. */
  earlierStatements(): StatementBook | undefined;
}

type Emit = (item: FlowItem) => void;

/** The place of a stage on one direction of a connection. */
export type StagePlace = Pick<StageHost, "emit" | "outlive">;

interface ActivePair {
  readonly stages: StagePair;
  readonly emit: Record<Stream, Emit>;
}

/** The toxics on one connection: their stages, their draws, and their counters. */
export class ToxicWork {
  readonly #options: ToxicWorkOptions;
  readonly #draws: Draws;
  readonly #touchedBy = new WeakSet<Toxic>();
  readonly #pairs = new Map<Toxic, ActivePair>();

  constructor(options: ToxicWorkOptions) {
    this.#options = options;
    this.#draws = new Draws(options);
  }

  /** Whether the toxic affects this connection. */
  isAffected(toxic: Toxic): boolean {
    return this.#draws.takes(toxic);
  }

  /** The toxic's stage in this direction; for a toxic on both directions, its half. */
  startStage(toxic: Toxic, stream: Stream, { emit, outlive }: StagePlace): Stage {
    const { type, attributes } = toxic;
    if (type.works === "one-way") return type.start({ ...this.#host(toxic), emit, outlive }, attributes);
    const pair = this.#pairs.get(toxic) ?? this.#startPair(toxic);
    pair.emit[stream] = emit;
    return pair.stages[stream];
  }

  /** Drops the stage pairs of toxics that are no longer active, so that they start anew when they return. */
  keepOnly(atWork: ReadonlySet<Toxic>): void {
    for (const toxic of this.#pairs.keys()) if (!atWork.has(toxic)) this.#pairs.delete(toxic);
  }

  /** Drops the stage pairs of toxics that were removed. */
  drop(toxics: ReadonlySet<Toxic>): void {
    for (const toxic of toxics) this.#pairs.delete(toxic);
  }

  #startPair(toxic: Toxic): ActivePair {
    const { type, attributes } = toxic;
    if (type.works !== "two-way") throw new TypeError(`${type.type} does not work on both directions`);
    // Both halves exist before anything is emitted, since the stages start within one call.
    const emit: ActivePair["emit"] = { upstream: () => undefined, downstream: () => undefined };
    const stages = type.start(
      {
        ...this.#host(toxic),
        earlierStatements: () => this.#options.earlierStatements(),
        emitUpstream: (item) => emit.upstream(item),
        emitDownstream: (item) => emit.downstream(item),
      },
      attributes,
    );
    const pair = { stages, emit };
    this.#pairs.set(toxic, pair);
    return pair;
  }

  #host(toxic: Toxic): ToxicHost {
    const { clock, loop, ledger, decisions, hasCarriedBytes } = this.#options;
    return {
      clock,
      loop,
      joined: hasCarriedBytes() ? "midway" : "from-start",
      bite: (bytes) => this.#bite(toxic, bytes, 0),
      biteMessage: ({ number, what, bytes }) => {
        this.#bite(toxic, bytes, 1);
        decisions.add(this.#draws.subject(toxic, number), what);
      },
      roll: (number) => this.#draws.roll(toxic, number),
      nextMatch: () => toxic.nextMatch(),
      giveUp: (why) => ledger.giveUp(toxic.name, why),
    };
  }

  #bite(toxic: Toxic, bytes: number, messages: number): void {
    this.#options.ledger.add(toxic.name, {
      newConnections: this.#touchedBy.has(toxic) ? 0 : 1,
      bytes,
      messages,
    });
    this.#touchedBy.add(toxic);
  }
}
