import type { DriverProgram } from "../api/index.ts";
import type { FaultProxyClient } from "../chaos/index.ts";
import type { LabCanary } from "./canary/lab-canary.ts";
import type { LinkAddresses } from "./links.ts";
import type { LabPowers } from "./powers/lab-powers.ts";
import type { ProcessDeath } from "./process-died-error.ts";

/** The addresses of everything in a lab, all on loopback. */
export interface LabAddresses {
  /** The platform through its link, as users reach it. */
  readonly api: string;
  /** The platform itself, bypassing the link: for measuring. */
  readonly platform: string;
  /** The platform's metrics, bypassing the link. */
  readonly metrics: string;
  readonly proxyControl: string;
  /** The exchange stubs' control API: the venues' own books. */
  readonly venueControl: string;
  /** Postgres itself, bypassing the links: for inspection, never for load. */
  readonly databaseUrl: string;
  /** The platform's database through the link to pgBouncer. */
  readonly poolerUrl: string;
  /** pgBouncer's admin console, bypassing the links. */
  readonly poolerAdminUrl: string;
  readonly links: LinkAddresses;
}

/** The parts of a lab, for the record of a run. */
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
  /** The symbols that the platform trades; the load trades the first. */
  readonly symbols: readonly [string, ...string[]];
  readonly addresses: LabAddresses;
  /** Both arms, where a candidate stands beside the platform; `addresses` are then of the stable one. */
  readonly canary: LabCanary | null;
  readonly proxy: FaultProxyClient;
  /** Operations on its processes. */
  readonly powers: LabPowers;
  /**
   * Resets everything for the next experiment: no faults, a fresh database, the market at its beginning, a
   * restarted platform. Everything random is derived from `seed`.
   */
  reset(seed: number): Promise<void>;
  describe(): Promise<LabDescription>;
  /** The program that speaks the platform's API through its link, to be started once; null when a mapping does. */
  driver(): Promise<DriverProgram | null>;
  logs(): readonly LabLog[];
  /** The processes that ended unexpectedly since the start. */
  deaths(): readonly ProcessDeath[];
  /** Calls the listener when a process ends unexpectedly. */
  onDeath(listener: (death: ProcessDeath) => void): void;
  stop(): Promise<void>;
}
