import type { PlatformDefinition } from "../../definition/index.ts";

/** A lab in which the version that runs now uses a database that the released version has migrated. */
export interface OldCodePart {
  /** Past the balancer. */
  readonly url: URL;
  readonly definition: PlatformDefinition;
  /** Starts it anew; resolves when it listens. */
  readonly restart: () => Promise<void>;
}
