import type { Stage, StageHost, StagePair, StagePairHost, ToxicAttributes } from "../stage.ts";
import type { AttributeSpecs, ValuesOf } from "./attribute-spec.ts";

/** The engines that have a toxic: `toxiproxy`: every one that speaks Toxiproxy's API; `kanit`: only this one. */
export type ToxicEngine = "toxiproxy" | "kanit";

/** What a toxic understands of the bytes that pass: `tcp`: nothing; else the messages, which it counts. */
export type ToxicProtocol = "tcp" | "http" | "postgres" | "websocket";

interface ToxicTypeBase<Specs extends AttributeSpecs> {
  /** The API's name for it: Toxiproxy's own where it has one. */
  readonly type: string;
  readonly summary: string;
  readonly engine: ToxicEngine;
  readonly protocol: ToxicProtocol;
  readonly attributes: Specs;
  /** How much one connection may hold back in this toxic before its source is made to wait. */
  readonly capacityBytes: number | ((attributes: ToxicAttributes) => number);
}

/** A kind of toxic that works on one direction, the one its `stream` names. */
export interface OneWayToxicType<Specs extends AttributeSpecs = AttributeSpecs> extends ToxicTypeBase<Specs> {
  readonly works: "one-way";
  /** Starts the toxic on one direction of one connection. */
  start(host: StageHost, attributes: ToxicAttributes): Stage;
}

/** A kind of toxic that works on both directions, since what it does to one depends on the other. */
export interface TwoWayToxicType<Specs extends AttributeSpecs = AttributeSpecs> extends ToxicTypeBase<Specs> {
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
export interface ConnectToxicType<Specs extends AttributeSpecs = AttributeSpecs>
  extends ToxicTypeBase<Specs> {
  readonly works: "on-connect";
  /** Whether nothing listens at all while it takes every connection, so that clients are refused. */
  readonly closesListener: boolean;
  /** Decides about one connection; `roll` is the seeded decision about it, in [0, 1). */
  meet(roll: () => number, attributes: ToxicAttributes): ConnectOutcome;
}

/** One kind of toxic: what it is called, what it takes and what it does to a connection. */
export type ToxicType<Specs extends AttributeSpecs = AttributeSpecs> =
  | OneWayToxicType<Specs>
  | TwoWayToxicType<Specs>
  | ConnectToxicType<Specs>;

/** Enough for a toxic that only paces what it gets: about one read from a socket. */
export const PACING_CAPACITY_BYTES = 64 * 1024;

/** What a toxic's file states. Left out: the engine is kanit's own, and the protocol is TCP. */
type Definition<T extends ToxicType, Stated extends keyof T> = Pick<
  T,
  "type" | "summary" | "attributes" | Stated
> &
  Partial<Pick<T, "engine" | "protocol">>;

/** A stage whose attributes have the types that the specifications state. */
export type StageOf<Specs extends AttributeSpecs> = Omit<Stage, "update"> & {
  update(attributes: ValuesOf<Specs>): void;
};

const DEFAULTS = { engine: "kanit", protocol: "tcp" } as const;

// The control API builds attributes by the specifications alone, complete and checked: their types are those.

/** Defines a kind of toxic that works on one direction. */
export function oneWayToxic<const Specs extends AttributeSpecs>(
  definition: Definition<OneWayToxicType<Specs>, "capacityBytes"> & {
    start(host: StageHost, attributes: ValuesOf<Specs>): StageOf<Specs>;
  },
): OneWayToxicType<Specs> {
  const start = definition.start as OneWayToxicType["start"];
  return { ...DEFAULTS, ...definition, works: "one-way", start };
}

/** Defines a kind of toxic that works on both directions. */
export function twoWayToxic<const Specs extends AttributeSpecs>(
  definition: Definition<TwoWayToxicType<Specs>, "capacityBytes"> & {
    start(
      host: StagePairHost,
      attributes: ValuesOf<Specs>,
    ): { readonly upstream: StageOf<Specs>; readonly downstream: StageOf<Specs> };
  },
): TwoWayToxicType<Specs> {
  const start = definition.start as TwoWayToxicType["start"];
  return { ...DEFAULTS, ...definition, works: "two-way", start };
}

/** Defines a kind of toxic that meets new connections. */
export function connectToxic<const Specs extends AttributeSpecs>(
  definition: Definition<ConnectToxicType<Specs>, "closesListener"> & {
    meet(roll: () => number, attributes: ValuesOf<Specs>): ConnectOutcome;
  },
): ConnectToxicType<Specs> {
  const meet = definition.meet as ConnectToxicType["meet"];
  return { ...DEFAULTS, ...definition, works: "on-connect", capacityBytes: 0, meet };
}
