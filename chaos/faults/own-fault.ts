/** Where a fault of your own finds what it acts on, all on loopback. */
export interface OwnFaultContext {
  /** Returns the URL of the database through the link `postgres` or `pgbouncer`. */
  databaseUrlOf(link: string): string;
  /** The fault proxy's API, which is Toxiproxy's. */
  readonly proxyControl: string;
  /** The exchange stubs' control API. */
  readonly venueControl: string;
}

/** A fault of your own at work. */
export interface OwnInjection {
  /** Undoes it. Called once, also when the run is interrupted. */
  heal(): Promise<void>;
  /** How often it affected something so far. With 0 it touched nothing, and its scenario is inconclusive. */
  touched(): Promise<number>;
}

/** A fault of your own. It lasts only as long as the run, which heals it whatever happens. */
export interface OwnFault {
  /** The name by which scenarios inject it: `{ kind: "own", name }`. Words in lower case joined by `-`. */
  readonly name: string;
  /** What it does, for the report: `the certificate has expired`. */
  readonly summary: string;
  inject(context: OwnFaultContext): Promise<OwnInjection>;
}

/** Declares a fault of your own, for `faults` of `kanit.config.ts`. */
export function defineFault(fault: OwnFault): OwnFault {
  return fault;
}
