import type { LabOptions } from "../lab-options.ts";
import type { LabProcesses } from "../local/lab-processes.ts";
import type { ContainerState, DockerEngine } from "./docker-engine.ts";
import type { DockerSettings } from "./docker-settings.ts";
import type { LabImages } from "./images.ts";

/** The containers of a lab, as docker-compose.yml names them. */
export type ServiceName = "postgres" | "pgbouncer" | "proxy" | "doorway" | "exchanges" | "spark";

/** What the platform needs: started first, all at once. */
export const SURROUNDINGS = ["postgres", "pgbouncer", "proxy", "doorway", "exchanges"] as const;

/** What the parts of one lab in containers share while it is put together. */
export interface ContainerContext {
  readonly options: LabOptions;
  readonly settings: DockerSettings;
  readonly engine: DockerEngine;
  readonly images: LabImages;
  readonly id: string;
  /** The value of the label by which a lab whose owner died is found. */
  readonly owner: string;
  /** The lab's own folder. */
  readonly directory: string;
  readonly logDirectory: string;
  /** One process for each container: what follows its log. It ends when the container does. */
  readonly processes: LabProcesses;
  readonly signal: AbortSignal;
}

/** How containers come to be: the one thing in which `compose` and `containers` differ. */
export interface ContainerRuntime {
  readonly name: "compose" | "containers";
  /** Starts these containers, labeled with lab, owner and service. Resolves when they run. */
  start(services: readonly ServiceName[], context: ContainerContext): Promise<void>;
}

/** The port on the host's loopback under which a container's port is reached. */
export function publishedPort(container: ContainerState, port: number): number {
  const published = container.ports.get(port);
  if (published !== undefined) return published;
  throw new TypeError(`Expected port ${port} of ${container.service} to be published, got none.`);
}
