import type { SecretRegistry } from "../core/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import type { LinkName } from "./links.ts";
import type { Market } from "./market.ts";

/** What a lab is to be. Complete: the command line fills in what the user left open. */
export interface LabOptions {
  readonly platform: PlatformDefinition;
  readonly market: Market;
  readonly tapeSpeed: number;
  readonly seed: number;
  /** Links that listen on a port of the user's choice; the others take any. */
  readonly linkPorts: Partial<Record<LinkName, number>>;
  /** Handed to the platform besides what its definition says. */
  readonly platformEnvironment: Readonly<Record<string, string>>;
  /** Filters the logs, and gets to know the keys and passwords that the lab draws. */
  readonly secrets: SecretRegistry;
  /** Where the logs go, and stay after the lab; `null`: with the lab. */
  readonly logDirectory: string | null;
  /** The machine's folder for temporary files. */
  readonly temporaryDirectory: string;
  /** Aborting it ends the start, and leaves nothing running. */
  readonly signal: AbortSignal;
}
