import type { FaultProxyClient } from "../chaos/index.ts";
import type { LinkAddresses } from "./links.ts";
import type { LabPowers } from "./powers/lab-powers.ts";
import type { ProcessDeath } from "./process-died-error.ts";

/** Where everything in a lab can be reached, all on loopback. */
export interface LabAddresses {
  /** The platform through its link, as users reach it. */
  readonly api: string;
  /** The platform itself, past the link: for measuring. */
  readonly platform: string;
  /** Where the platform's metrics are scraped, past the link. */
  readonly metrics: string;
  readonly proxyControl: string;
  /** The exchange stubs' control API: what truly happened at the venues. */
  readonly venueControl: string;
  /** Postgres itself, past the links: for looking, never for load. */
  readonly databaseUrl: string;
  /** The platform's database through the link to pgBouncer. */
  readonly poolerUrl: string;
  /** pgBouncer's admin console, past the links. */
  readonly poolerAdminUrl: string;
  readonly links: LinkAddresses;
}

/** What a lab is made of, for the record of a run. */
export interface LabDescription {
  readonly runtime: string;
  readonly platform: string;
  readonly postgres: string;
  readonly pgbouncer: string;
  readonly proxy: string;
  readonly market: string;
  readonly tapeSpeed: number;
}

interface LabLog {
  readonly process: string;
  readonly path: string;
}

/** A running topology. Nothing of it outlives it, nor the process that started it. */
export interface Lab extends AsyncDisposable {
  readonly id: string;
  readonly runtime: string;
  readonly addresses: LabAddresses;
  readonly proxy: FaultProxyClient;
  /** What can be done to its processes. */
  readonly powers: LabPowers;
  /**
   * Puts everything back to the start for the next experiment: no faults, a fresh database, the market at its
   * beginning, the platform without memory of the last one. Everything random starts from `seed`.
   */
  reset(seed: number): Promise<void>;
  describe(): Promise<LabDescription>;
  logs(): readonly LabLog[];
  /** The processes that ended although nobody asked them to, since the start. */
  deaths(): readonly ProcessDeath[];
  /** Calls the listener when a process ends although nobody asked it to. */
  onDeath(listener: (death: ProcessDeath) => void): void;
  stop(): Promise<void>;
}
