import type { Clock } from "../../core/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import type { VenueName } from "../../venues/index.ts";

/** What a proof of the lab needs. */
export interface LabProofOptions {
  readonly addresses: Pick<LabAddresses, "venueControl" | "links" | "databaseUrl" | "poolerUrl">;
  /** The venues that the platform trades or quotes. */
  readonly venues: readonly VenueName[];
  /** The symbols that the platform trades. */
  readonly traded: readonly string[];
  /** What the trading venues must quote: the symbols that are traded, and the others of the lab's market. */
  readonly symbols: readonly string[];
  readonly clock: Pick<Clock, "nowMs" | "monotonicMs" | "sleep">;
  readonly signal: AbortSignal;
}
