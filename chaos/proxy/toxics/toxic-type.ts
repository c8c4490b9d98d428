import type { Stage, StageHost, StagePair, StagePairHost, ToxicAttributes } from "../stage.ts";
import type { AttributeSpecs, ValuesOf } from "./attribute-spec.ts";

/**
 * The engines that have a toxic: `toxiproxy`: every engine with Toxiproxy's API; `kanit`: only kanit's own.
 */
export type ToxicEngine = "toxiproxy" | "kanit";

/** The protocol that a toxic parses: `tcp`: none; otherwise it counts the protocol's messages. */
export type ToxicProtocol = "tcp" | "http" | "postgres" | "websocket";

interface ToxicTypeBase<Specs extends AttributeSpecs> {
  /** The API's name for it: Toxiproxy's own if it has one. */
  readonly type: string;
  readonly summary: string;
  readonly engine: ToxicEngine;
  readonly protocol: ToxicProtocol;
  readonly attributes: Specs;
  /** How much one connection may hold back in this toxic before its source is paused. */
  readonly capacityBytes: number | ((attributes: ToxicAttributes) => number);
}

/** A kind of toxic that works on one direction, which its `stream` names. */
export interface OneWayToxicType<Specs extends AttributeSpecs = AttributeSpecs> extends ToxicTypeBase<Specs> {
  readonly works: "one-way";
  /** Starts the toxic on one direction of one connection. */
  start(host: StageHost, attributes: ToxicAttributes): Stage;
}

/** A kind of toxic that works on both directions, since its effects on the two depend on each other. */
export interface TwoWayToxicType<Specs extends AttributeSpecs = AttributeSpecs> extends ToxicTypeBase<Specs> {
  readonly works: "two-way";
  /** Starts the toxic on both directions of one connection. */
  start(host: StagePairHost, attributes: ToxicAttributes): StagePair;
}

/** What happens to a new connection before it is connected to the server. */
export type ConnectOutcome =
  /** It is connected after this delay. */
  | { readonly kind: "proceed"; readonly afterMs: number }
  /** It is accepted and never answered, until the toxic is removed. */
  | { readonly kind: "hang" }
  /** It gets a RST. */
  | { readonly kind: "reset" };

/** A kind of toxic that affects a connection only when it is made. It has no effect on open ones. */
export interface ConnectToxicType<Specs extends AttributeSpecs = AttributeSpecs>
  extends ToxicTypeBase<Specs> {
  readonly works: "on-connect";
  /** Whether the listener is closed while the toxic affects every connection, so that clients are refused. */
  readonly closesListener: boolean;
  /** Decides about one connection; `roll` is the seeded decision about it, in [0, 1). */
  connect(roll: () => number, attributes: ToxicAttributes): ConnectOutcome;
}

/** One kind of toxic: its name, its attributes and its effect on a connection. */
export type ToxicType<Specs extends AttributeSpecs = AttributeSpecs> =
  | OneWayToxicType<Specs>
  | TwoWayToxicType<Specs>
  | ConnectToxicType<Specs>;

/** Enough for a toxic that only delays what it receives: about one read from a socket. */
export const PACING_CAPACITY_BYTES = 64 * 1024;

/** The definition in a toxic's file. By default the engine is kanit's own, and the protocol is TCP. */
type Definition<T extends ToxicType, Stated extends keyof T> = Pick<
  T,
  "type" | "summary" | "attributes" | Stated
> &
  Partial<Pick<T, "engine" | "protocol">>;

/** A stage whose attributes have the types of its specifications. */
export type StageOf<Specs extends AttributeSpecs> = Omit<Stage, "update"> & {
  update(attributes: ValuesOf<Specs>): void;
};

const DEFAULTS = { engine: "kanit", protocol: "tcp" } as const;

// The control API builds attributes from the specifications alone, complete and checked, so their types are
// right.

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

/** Defines a kind of toxic that affects new connections. */
export function connectToxic<const Specs extends AttributeSpecs>(
  definition: Definition<ConnectToxicType<Specs>, "closesListener"> & {
    connect(roll: () => number, attributes: ValuesOf<Specs>): ConnectOutcome;
  },
): ConnectToxicType<Specs> {
  const connect = definition.connect as ConnectToxicType["connect"];
  return { ...DEFAULTS, ...definition, works: "on-connect", capacityBytes: 0, connect };
}
