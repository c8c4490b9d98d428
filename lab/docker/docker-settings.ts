/** Which fault proxy stands in every link of a lab in containers. */
export type ProxyEngine = "toxiproxy" | "kanit";

/** What a lab in containers takes from the machine and its user. */
export interface DockerSettings {
  /** For the programs `docker` and `docker-compose`: PATH, HOME, DOCKER_HOST and the like. */
  readonly environment: Readonly<Record<string, string>>;
  readonly proxyEngine: ProxyEngine;
  /** The image of the platform under test; null: Spark's, built from its sources. */
  readonly platformImage: string | null;
  /** A lab that is not ready after this long is given up. The making of images comes before, and takes minutes. */
  readonly startLimitMs: number;
}

/** How long a lab in containers may take to get ready: twice what a slow machine was seen to need. */
export const CONTAINER_START_LIMIT_MS = 120_000;
