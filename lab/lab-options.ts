import type { SecretRegistry } from "../core/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import type { CanaryOptions } from "./canary/canary-options.ts";
import type { LinkName } from "./links.ts";
import type { Market } from "./market.ts";

/** The complete options of a lab; the command line adds the defaults. */
export interface LabOptions {
  readonly platform: PlatformDefinition;
  readonly market: Market;
  readonly tapeSpeed: number;
  readonly seed: number;
  /** Links that listen on a port of the user's choice; the others take any. */
  readonly linkPorts: Partial<Record<LinkName, number>>;
  /** Variables for the platform besides those of its definition. */
  readonly platformEnvironment: Readonly<Record<string, string>>;
  /** A candidate beside the platform, with HAProxy before both; null for the platform alone. */
  readonly canary: CanaryOptions | null;
  /** Whether a fault will step the platform's clock: only then is it started in a way that allows it. */
  readonly stepsClock: boolean;
  /** Filters the logs; the lab registers the keys and passwords that it generates. */
  readonly secrets: SecretRegistry;
  /** The folder of the logs, which remain after the lab; `null`: they are removed with the lab. */
  readonly logDirectory: string | null;
  /** The machine's folder for temporary files. */
  readonly temporaryDirectory: string;
  /** Aborting it ends the start, and leaves nothing running. */
  readonly signal: AbortSignal;
}
