import type { SparkConfig } from "../config.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { PlatformInstance } from "../runtime/platform-instance.ts";

/** What the routes work with. Read `instance` at each request: a reset replaces it. */
export interface HttpContext {
  readonly config: SparkConfig;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly instance: () => PlatformInstance;
  /** Ends the current instance and starts another; resolves when its database answers. */
  readonly reset: () => Promise<void>;
}
