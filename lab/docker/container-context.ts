import type { VenueCredentials } from "../../venues/index.ts";
import type { LabOptions } from "../lab-options.ts";
import type { LabSecrets } from "../lab-secrets.ts";
import type { LabProcesses } from "../local/lab-processes.ts";
import type { ContainerState, DockerEngine } from "./docker-engine.ts";
import type { DockerSettings } from "./docker-settings.ts";
import type { LabImages } from "./images.ts";

/** The containers of a lab, named as in docker-compose.yml. */
export type ServiceName = "postgres" | "pgbouncer" | "proxy" | "doorway" | "exchanges" | "spark";

/** What the platform needs: started first, all at once. */
export const SURROUNDINGS = ["postgres", "pgbouncer", "proxy", "doorway", "exchanges"] as const;

/** What the parts of a lab in containers share during its start. */
export interface ContainerContext {
  readonly options: LabOptions;
  readonly settings: DockerSettings;
  readonly engine: DockerEngine;
  readonly images: LabImages;
  readonly id: string;
  /** The value of the label by which a lab is found after its owner died. */
  readonly owner: string;
  /** The lab's own folder. */
  readonly directory: string;
  readonly logDirectory: string;
  /** One process for each container: it follows the container's log, and ends when the container does. */
  readonly processes: LabProcesses;
  readonly secrets: LabSecrets;
  /** The keys with which the platform signs its calls to the stubs. */
  readonly credentials: VenueCredentials;
  readonly signal: AbortSignal;
}

/** How containers are started, the only difference between `compose` and `containers`. */
export interface ContainerRuntime {
  readonly name: "compose" | "containers";
  /** Starts these containers, labeled with lab, owner and service. Resolves when they run. */
  start(services: readonly ServiceName[], context: ContainerContext): Promise<void>;
}

/** The port on the host's loopback that forwards to a container's port. */
export function publishedPort(container: ContainerState, port: number): number {
  const published = container.ports.get(port);
  if (published !== undefined) return published;
  throw new TypeError(`Expected port ${port} of ${container.service} to be published, got none.`);
}
