import type { FaultBite } from "../../core/index.ts";
import type { FaultProxyClient } from "../client/fault-proxy-client.ts";
import type { ToxicEngine, ToxicProtocol, ToxicType } from "../proxy/toxics/toxic-type.ts";
import type { FaultAttribute, FaultStatement } from "./fault-statement.ts";
import type { FaultyClients } from "./faulty-clients.ts";
import type { FaultyProcesses } from "./faulty-processes.ts";
import type { OwnFault } from "./own-fault.ts";

/** What faults act on. */
export interface FaultContext {
  readonly proxy: FaultProxyClient;
  /**
   * The URL of the database through a link, for faults that are clients of it. It is requested by the link
   * that the fault names, so that a fault cannot act on another one.
   *
   * @throws UsageError `link-without-database` for a link that leads to no database.
   */
  readonly databaseUrlOf: (link: string) => string;
  /** The exchange stubs' control API, for venue misbehaviors. */
  readonly venueControlUrl: string;
  /** The lab's processes; null where they belong to another process, or to another machine. */
  readonly processes: FaultyProcesses | null;
  /** Clients of the platform; null where nothing knows how its API is spoken. */
  readonly clients: FaultyClients | null;
  /** The faults that the user wrote. */
  readonly ownFaults: readonly OwnFault[];
}

/** An injected fault, as its kind created it. */
export interface Injection {
  /** Its description. */
  readonly label: string;
  /** Undoes it. */
  heal(): Promise<void>;
  /** Returns what it has affected so far, even after it has healed. */
  bite(): Promise<FaultBite>;
}

/**
 * Where a fault is maintained, and when it ends:
 *
 * - `proxy`: in the fault proxy, until it is removed or its lease ends;
 * - `process`: in the process that injects it, and with that process;
 * - `venue`: in the exchange stub, until the misbehavior is disabled.
 */
type FaultHome = "proxy" | "process" | "venue";

/** One kind of fault: its attributes, and how it is injected and healed. */
export interface FaultKind<F extends { readonly kind: string; readonly link: string }>
  extends FaultStatement<F> {
  /** Its toxic; null when it is not a toxic. */
  readonly toxic: ToxicType | null;
  /** The proxy that it needs: any with Toxiproxy's API, or kanit's own. */
  readonly needs: ToxicEngine;
  readonly livesIn: FaultHome;
  /** What it understands of what passes on its link, and so where it can act; `tcp`: nothing, on any link. */
  readonly protocol: ToxicProtocol;
  /**
   * What a fault has for itself while it is there, for a person: two faults of the same must not overlap, since the
   * healing of one would undo the other. Null: each is separate.
   */
  exclusive(fault: F): string | null;
  /** Whether nothing passes on its link while it is there, so that no other fault can touch anything. */
  readonly stopsAll: boolean;
  readonly summary: string;
  /** Describes how it heals. */
  readonly healing: string;
  label(fault: F): string;
  inject(fault: F, context: FaultContext): Promise<Injection>;
}

/** The names of an attribute that users may write: the fault's own, and the toxic's if there is one. */
export function namesOf(
  { toxic }: { readonly toxic: ToxicType | null },
  { name, specName }: FaultAttribute,
): readonly string[] {
  return toxic === null || specName === name ? [name] : [name, specName];
}
