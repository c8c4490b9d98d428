import type { PlatformDefinition } from "../../definition/index.ts";

/** The version that runs now, on a database with the migrations of the version that is released: a lab. */
export interface OldCodePart {
  /** Past the balancer. */
  readonly url: URL;
  readonly definition: PlatformDefinition;
  /** Starts it anew; resolves when it listens. */
  readonly restart: () => Promise<void>;
}
