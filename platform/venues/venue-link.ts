import type { VenueConfig } from "../config.ts";
import type { Metrics } from "../metrics.ts";
import { BackOff } from "./back-off.ts";
import { type HttpCall, HttpClient, type HttpOutcome } from "./http-call.ts";
import type { VenueName } from "./venue.ts";

/** An outcome, or the information that the venue asked for a pause and nothing was sent. */
export type VenueOutcome =
  | HttpOutcome
  | { readonly kind: "held-back"; readonly reason: string; readonly retryAfterMs: number };

export interface VenueLinkOptions {
  readonly venue: VenueName;
  readonly config: VenueConfig;
  readonly timeoutMs: number;
  readonly metrics: Metrics;
}

/** The connection to one venue's REST interface: its sockets, its back-off, its metrics. */
export class VenueLink {
  readonly config: VenueConfig;
  readonly #options: VenueLinkOptions;
  readonly #http = new HttpClient();
  readonly #backOff = new BackOff();

  constructor(options: VenueLinkOptions) {
    this.#options = options;
    this.config = options.config;
  }

  /** How long no call may be made, in ms. */
  get heldBackMs(): number {
    return this.#backOff.remainingMs;
  }

  /** Calls the venue once. `path` begins with a slash; `operation` names the call in the metrics. */
  async call(
    operation: string,
    path: string,
    call: Omit<HttpCall, "url" | "timeoutMs">,
  ): Promise<VenueOutcome> {
    const { venue, metrics, timeoutMs } = this.#options;
    const retryAfterMs = this.#backOff.remainingMs;
    if (retryAfterMs > 0) {
      return { kind: "held-back", reason: `${venue} requires a pause`, retryAfterMs };
    }
    const startedAtMs = performance.now();
    const outcome = await this.#http.call({ ...call, url: `${this.config.restUrl}${path}`, timeoutMs });
    const label = outcome.kind === "answer" ? `${Math.floor(outcome.status / 100)}xx` : outcome.kind;
    const seconds = (performance.now() - startedAtMs) / 1_000;
    metrics.venueDuration.observe({ venue, operation, outcome: label }, seconds);
    if (outcome.kind === "answer" && this.#backOff.observe(outcome.status, outcome.headers)) {
      const waitMs = this.#backOff.remainingMs;
      return { kind: "held-back", reason: `${venue} answered ${outcome.status}`, retryAfterMs: waitMs };
    }
    return outcome;
  }

  close(): void {
    this.#http.close();
  }
}
