import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { ResourceReading } from "../../evidence/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import { SampleStore, Scraper } from "../../signals/index.ts";
import { databaseSource, platformSource, poolerSource } from "../observation/lab-sources.ts";
import { type HeldWindow, readResources } from "./read-resources.ts";

const INTERVAL_MS = 250;
/** One that is cut short by its deadline may be in progress when the load has settled; two more must be enough. */
const COLLECTIONS_AFTER_LOAD = 3;

type WatchedAddresses = Pick<LabAddresses, "metrics" | "poolerAdminUrl" | "databaseUrl">;

/** Watches the platform, its pooler and its database while rates are tried. */
export class ResourceWatch implements AsyncDisposable {
  readonly #store: SampleStore;
  readonly #scraper: Scraper;
  readonly #clock: Clock;

  /** Starts collecting immediately. */
  constructor(addresses: WatchedAddresses, platform: Pick<PlatformDefinition, "metrics">, clock: Clock) {
    this.#clock = clock;
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

  /**
   * What was measured from a moment until now, for a platform that answered no collection while a rate was applied: a
   * saturated one does so only when its backlog is done. Collects once more for it.
   */
  async readUntilNow({ fromMs, operations }: Omit<HeldWindow, "toMs">): Promise<ResourceReading> {
    // The last collection before the load is needed as well: a rate takes two.
    const window = () => ({ fromMs: fromMs - 2 * INTERVAL_MS, toMs: this.#clock.nowMs(), operations });
    for (let collection = 1; ; collection++) {
      await this.#scraper.collectOnce();
      const reading = this.read(window());
      if (reading.cpuCores !== null || collection === COLLECTIONS_AFTER_LOAD) return reading;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scraper.stop();
  }
}
