import { completeFault, injectFault } from "../chaos/index.ts";
import type { LabFaultInput } from "../harness/index.ts";
import { faultContextOf, startLab as startLabIn } from "../lab/index.ts";
import { completeSettings, type LabSettings } from "./lab-settings.ts";

/** Where everything in a lab is reached, all on loopback. */
export interface LabAddresses {
  /** The platform through its link, as users reach it. */
  readonly api: string;
  /** The platform's metrics, past the link. */
  readonly metrics: string;
  /** Postgres itself, past the links: for looking, never for load. */
  readonly databaseUrl: string;
  /** `host:port` of each link: `api`, `postgres`, `binance-rest`. */
  readonly links: Readonly<Record<string, string>>;
  /** The fault proxy's API, which is Toxiproxy's. */
  readonly proxyControl: string;
  /** The exchange stubs' control API: what truly happened at the venues. */
  readonly venueControl: string;
}

/** A fault at work. It heals when it is disposed of: `await using fault = await lab.inject(…)`. */
export interface InjectedFault extends AsyncDisposable {
  /** What it is and where, for a person. */
  readonly label: string;
  /** Undoes it. Calling it again does nothing. */
  heal(): Promise<void>;
}

/** A running lab. Nothing of it outlives it, nor the process that started it: `await using lab = await startLab()`. */
export interface StartedLab extends AsyncDisposable {
  readonly id: string;
  /** Read them again after a reset: the database is another one then. */
  readonly addresses: LabAddresses;
  /**
   * Injects a fault, until it is healed.
   *
   * @throws UsageError for a fault that cannot be, naming what is known.
   */
  inject(fault: LabFaultInput): Promise<InjectedFault>;
  /**
   * Puts everything back to the start: no faults, a fresh database, the market at its beginning, the platform without
   * memory. Takes milliseconds, so that each test can have a lab as new.
   */
  reset(seed?: number): Promise<void>;
}

/** What a lab is made of, and what ends its start. */
export interface LabStartSettings extends LabSettings {
  /** Where the logs go, and stay after the lab. Default: with the lab. */
  readonly logDirectory?: string;
  /** Ends the start when it is aborted, and leaves nothing running. */
  readonly signal?: AbortSignal;
}

/**
 * Brings a whole lab up as processes of this machine: Postgres, pgBouncer, the fault proxy, the exchange stubs and the
 * platform. Takes about a second.
 *
 * @throws KanitError that says what is missing, or which process died and what it said last.
 */
export async function startLab(settings: LabStartSettings = {}): Promise<StartedLab> {
  const options = await completeSettings(settings);
  const lab = await startLabIn(
    { name: "local" },
    {
      ...options,
      logDirectory: settings.logDirectory ?? null,
      signal: settings.signal ?? new AbortController().signal,
    },
  );
  return {
    id: lab.id,
    get addresses() {
      const { api, metrics, databaseUrl, links, proxyControl, venueControl } = lab.addresses;
      return { api, metrics, databaseUrl, links, proxyControl, venueControl };
    },
    inject: (fault) => injectFault(completeFault(fault), faultContextOf(lab, lab.proxy)),
    reset: (seed = options.seed) => lab.reset(seed),
    [Symbol.asyncDispose]: () => lab.stop(),
  };
}
