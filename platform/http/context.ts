import type { SparkConfig } from "../config.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Life } from "../runtime/life.ts";

/** What the routes work with. The life is asked for at each request: a reset replaces it. */
export interface HttpContext {
  readonly config: SparkConfig;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly life: () => Life;
  /** Ends the present life and begins another; resolves when its database answers. */
  readonly reset: () => Promise<void>;
}
