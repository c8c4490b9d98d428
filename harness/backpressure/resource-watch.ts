import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { ResourceReading } from "../../evidence/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import { SampleStore, Scraper } from "../../signals/index.ts";
import { databaseSource, platformSource, poolerSource } from "../observation/lab-sources.ts";
import { type HeldWindow, readResources } from "./read-resources.ts";

const INTERVAL_MS = 250;

/** Watches the platform, its pooler and its database while rates are tried. */
export class ResourceWatch implements AsyncDisposable {
  readonly #store: SampleStore;
  readonly #scraper: Scraper;

  /** Starts collecting immediately. */
  constructor(addresses: LabAddresses, platform: Pick<PlatformDefinition, "metrics">, clock: Clock) {
    this.#store = new SampleStore(clock);
    this.#scraper = new Scraper({
      sources: [
        platformSource(addresses, platform, clock),
        poolerSource(addresses),
        databaseSource(addresses),
      ],
      sinks: [this.#store],
      clock,
      intervalMs: INTERVAL_MS,
    });
    this.#scraper.start();
  }

  /** What was measured between two moments of the epoch clock. */
  read(window: HeldWindow): ResourceReading {
    return readResources(this.#store, window);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scraper.stop();
  }
}
