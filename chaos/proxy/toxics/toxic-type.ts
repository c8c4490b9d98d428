import type { Stage, StageHost, StagePair, StagePairHost, ToxicAttributes } from "../stage.ts";
import type { AttributeSpec, ValuesOf } from "./attribute-spec.ts";

interface ToxicTypeBase {
  /** The API's name for it: Toxiproxy's own where it has one. */
  readonly type: string;
  readonly summary: string;
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  /** How much one connection may hold back in this toxic before its source is made to wait. */
  readonly capacityBytes: number;
}

/** A kind of toxic that works on one direction, the one its `stream` names. */
export interface OneWayToxicType extends ToxicTypeBase {
  readonly works: "one-way";
  /** Starts the toxic on one direction of one connection. */
  start(host: StageHost, attributes: ToxicAttributes): Stage;
}

/** A kind of toxic that works on both directions, since what it does to one depends on the other. */
export interface TwoWayToxicType extends ToxicTypeBase {
  readonly works: "two-way";
  /** Starts the toxic on both directions of one connection. */
  start(host: StagePairHost, attributes: ToxicAttributes): StagePair;
}

/** What becomes of a new connection before it is led to the server. */
export type ConnectOutcome =
  /** It is led on, that much later. */
  | { readonly kind: "proceed"; readonly afterMs: number }
  /** It is accepted and nothing ever answers, until the toxic goes. */
  | { readonly kind: "hang" }
  /** It gets a RST. */
  | { readonly kind: "reset" };

/** A kind of toxic that meets a connection once: when it is made. It has no part in one that is open. */
export interface ConnectToxicType extends ToxicTypeBase {
  readonly works: "on-connect";
  /** Whether nothing listens at all while it takes every connection, so that clients are refused. */
  readonly closesListener: boolean;
  /** Decides about one connection; `roll` is the seeded decision about it, in [0, 1). */
  meet(roll: () => number, attributes: ToxicAttributes): ConnectOutcome;
}

/** One kind of toxic: what it is called, what it takes and what it does to a connection. */
export type ToxicType = OneWayToxicType | TwoWayToxicType | ConnectToxicType;

/** Enough for a toxic that only paces what it gets: about one read from a socket. */
export const PACING_CAPACITY_BYTES = 64 * 1024;

type Specs = Readonly<Record<string, AttributeSpec>>;
type Definition<S extends Specs, T extends ToxicType> = Omit<T, "attributes" | "works" | "start" | "meet"> & {
  readonly attributes: S;
};

/** A stage whose attributes have the types that the specs state. */
export type StageOf<S extends Specs> = Omit<Stage, "update"> & { update(attributes: ValuesOf<S>): void };

// The control API builds attributes by the specs alone, complete and checked: their types are the specs'.

/** Defines a kind of toxic that works on one direction. */
export function oneWayToxic<const S extends Specs>(
  definition: Definition<S, OneWayToxicType> & {
    start(host: StageHost, attributes: ValuesOf<S>): StageOf<S>;
  },
): OneWayToxicType {
  return { ...definition, works: "one-way", start: definition.start as OneWayToxicType["start"] };
}

/** Defines a kind of toxic that works on both directions. */
export function twoWayToxic<const S extends Specs>(
  definition: Definition<S, TwoWayToxicType> & {
    start(
      host: StagePairHost,
      attributes: ValuesOf<S>,
    ): { readonly upstream: StageOf<S>; readonly downstream: StageOf<S> };
  },
): TwoWayToxicType {
  return { ...definition, works: "two-way", start: definition.start as TwoWayToxicType["start"] };
}

/** Defines a kind of toxic that meets new connections. */
export function connectToxic<const S extends Specs>(
  definition: Omit<Definition<S, ConnectToxicType>, "capacityBytes"> & {
    meet(roll: () => number, attributes: ValuesOf<S>): ConnectOutcome;
  },
): ConnectToxicType {
  return {
    ...definition,
    works: "on-connect",
    capacityBytes: 0,
    meet: definition.meet as ConnectToxicType["meet"],
  };
}
