import type { FaultBite } from "../../core/index.ts";
import type { FaultProxyClient } from "../client/fault-proxy-client.ts";
import type { ToxicEngine, ToxicType } from "../proxy/toxics/toxic-type.ts";
import type { FaultAttribute, FaultStatement } from "./fault-statement.ts";

/** What faults act on. */
export interface FaultContext {
  readonly proxy: FaultProxyClient;
  /**
   * The URL of the database through a link, for faults that are clients of it. Asked for by the link that the fault
   * names, so that a fault cannot act on another one.
   *
   * @throws UsageError `link-without-database` for a link that leads to no database.
   */
  readonly databaseUrlOf: (link: string) => string;
  /** The exchange stubs' control API, for faults that are theirs. */
  readonly venueControlUrl: string;
}

/** A fault at work, as its kind made it. */
export interface Injection {
  /** What it is, for a person. */
  readonly label: string;
  /** Undoes it. */
  heal(): Promise<void>;
  /** Returns what it has touched so far. Can be asked after it healed, too. */
  bite(): Promise<FaultBite>;
}

/**
 * Where a fault is maintained, and when it ends:
 * - `proxy`: in the fault proxy, until it is removed or its lease ends;
 * - `process`: in the process that injects it, with which it ends;
 * - `venue`: in the exchange stub, until it is told to behave.
 */
type FaultHome = "proxy" | "process" | "venue";

/** One kind of fault: what it takes, how it is injected and how it heals. */
export interface FaultKind<F extends { readonly kind: string; readonly link: string }>
  extends FaultStatement<F> {
  /** The toxic behind it; null where it is none. */
  readonly toxic: ToxicType | null;
  /** What the fault proxy has to be: any that speaks Toxiproxy's API, or kanit's own. */
  readonly needs: ToxicEngine;
  readonly livesIn: FaultHome;
  readonly summary: string;
  /** How it heals, for a person. */
  readonly healing: string;
  label(fault: F): string;
  inject(fault: F, context: FaultContext): Promise<Injection>;
}

/** What a person may call an attribute: by the fault's own name, or by the toxic's where there is one. */
export function namesOf(
  { toxic }: { readonly toxic: ToxicType | null },
  { name, specName }: FaultAttribute,
): readonly string[] {
  return toxic === null || specName === name ? [name] : [name, specName];
}
