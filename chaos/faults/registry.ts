import { bandwidth } from "./bandwidth.ts";
import { down } from "./down.ts";
import type { FaultKind } from "./fault-kind.ts";
import { holdConnections } from "./hold-connections.ts";
import { latency } from "./latency.ts";
import { limitData } from "./limit-data.ts";
import { resetPeer } from "./reset-peer.ts";
import { silence } from "./silence.ts";
import { slicer } from "./slicer.ts";
import { slowClose } from "./slow-close.ts";
import { venueMisbehaviour } from "./venue-misbehaviour.ts";

// A new kind is a new file and one line here.
const KINDS = {
  bandwidth,
  down,
  "hold-connections": holdConnections,
  latency,
  "limit-data": limitData,
  "reset-peer": resetPeer,
  silence,
  slicer,
  "slow-close": slowClose,
  "venue-misbehaviour": venueMisbehaviour,
};

/** The name of a kind of fault. */
export type FaultKindName = keyof typeof KINDS;

/** The faults of one kind. */
export type FaultOf<K extends FaultKindName> = (typeof KINDS)[K] extends FaultKind<infer F> ? F : never;

/** A fault as plain data: what, where and how much, complete and with units. Discriminated by `kind`. */
export type Fault = { [K in FaultKindName]: FaultOf<K> }[FaultKindName];

/** Every kind of fault by its name. */
export const FAULT_KINDS: { readonly [K in FaultKindName]: FaultKind<FaultOf<K>> } = KINDS;

/** The kind of this fault. */
export function kindOf<F extends Fault>(fault: F): FaultKind<F> {
  // The table maps each kind's name to that kind, which the compiler cannot follow for an open F.
  return FAULT_KINDS[fault.kind] as unknown as FaultKind<F>;
}

/** What a fault is, for a person, before it is injected: `latency of 300 ms ± 20 ms on postgres (downstream)`. */
export function faultLabel(fault: Fault): string {
  return kindOf(fault).label(fault);
}
