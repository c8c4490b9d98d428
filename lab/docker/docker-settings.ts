/** The fault proxy of every link of a lab in containers. */
export type ProxyEngine = "toxiproxy" | "kanit";

/** What a lab in containers takes from the machine and its user. */
export interface DockerSettings {
  /** For the programs `docker` and `docker-compose`: PATH, HOME, DOCKER_HOST and similar variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly proxyEngine: ProxyEngine;
  /** The image of the platform under test; null: Spark's, built from its sources. */
  readonly platformImage: string | null;
  /**
   * A lab that is not ready after this time is given up. Building images happens before, and takes minutes.
   */
  readonly startLimitMs: number;
}

/** The limit for the start of a lab in containers: twice the longest time seen on a slow machine. */
export const CONTAINER_START_LIMIT_MS = 120_000;
