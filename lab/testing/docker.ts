import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TestContext } from "vitest";
import type { DockerSettings } from "../docker/docker-settings.ts";
import { dockerVariables } from "../docker/docker-variables.ts";

const execute = promisify(execFile);
const START_LIMIT_MS = 180_000;

/** A lab's Docker settings in a test. */
export function dockerSettings(changes: Partial<DockerSettings> = {}): DockerSettings {
  return {
    // biome-ignore lint/style/noProcessEnv: the engine that the tests' caller has.
    environment: dockerVariables(process.env),
    proxyEngine: "toxiproxy",
    platformImage: null,
    startLimitMs: START_LIMIT_MS,
    ...changes,
  };
}

/**
 * Returns why tests with containers cannot run here, or null when they can. An engine alone is not enough:
 * these tests build images, which takes minutes, so they run only on request.
 */
export async function whyNoContainers(): Promise<string | null> {
  // biome-ignore lint/style/noProcessEnv: set by project/check.ts, or by whoever asks for them.
  const { KANIT_CONTAINER_TESTS, KANIT_NO_CONTAINERS } = process.env;
  if (KANIT_CONTAINER_TESTS !== "on")
    return KANIT_NO_CONTAINERS ?? "KANIT_CONTAINER_TESTS=on runs the labs in containers";
  try {
    await docker("version");
    return null;
  } catch (error) {
    return `no Docker engine answers: ${String(error).split("\n")[0]}`;
  }
}

/** Skips the test, with the reason, where there are no containers. */
export function skipWithoutContainers(test: TestContext, why: string | null): void {
  if (why !== null) test.skip(why);
}

/** Runs docker, and returns the lines that it prints. */
export async function docker(...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await execute("docker", [...args], { env: { ...dockerSettings().environment } });
  return stdout.split("\n").filter((line) => line !== "");
}

/** All objects of labs in the engine: containers, networks, volumes, by name. */
export async function leftInEngine(label: string): Promise<readonly string[]> {
  const filter = ["--filter", `label=${label}`];
  const lists = await Promise.all([
    docker("container", "ls", "--all", "--format", "{{.Names}}", ...filter),
    docker("network", "ls", "--format", "{{.Name}}", ...filter),
    docker("volume", "ls", "--format", "{{.Name}}", ...filter),
  ]);
  return lists.flat();
}
