import { UsageError } from "../core/index.ts";
import { importOptional } from "../installation/index.ts";
import { composeRuntime } from "./docker/compose-runtime.ts";
import type { DockerSettings } from "./docker/docker-settings.ts";
import { startContainerLab } from "./docker/start-container-lab.ts";
import type { Lab } from "./lab.ts";
import type { LabOptions } from "./lab-options.ts";
import { startLocalLab } from "./local/start-local-lab.ts";

export const RUNTIME_NAMES = ["local", "compose", "containers"] as const;

const TESTCONTAINERS = {
  packages: ["testcontainers", "@testcontainers/postgresql", "@testcontainers/toxiproxy"],
  neededFor: "--runtime containers",
};

/**
 * Where a lab runs: as processes of this machine, or in containers, started by Compose or by testcontainers.
 */
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** A runtime with its settings. */
export type Runtime =
  | { readonly name: "local" }
  | { readonly name: "compose" | "containers"; readonly docker: DockerSettings };

/**
 * Starts a lab in the requested runtime, which makes no difference to its users.
 *
 * @throws KanitError with exit code 69 that says what is missing; the signal's reason when it is aborted.
 */
export async function startLab(runtime: Runtime, options: LabOptions): Promise<Lab> {
  if (options.canary !== null && runtime.name !== "local") throw canaryIsLocal(runtime.name);
  switch (runtime.name) {
    case "local":
      return startLocalLab(options);
    case "compose":
      return startContainerLab(composeRuntime, options, runtime.docker);
    case "containers": {
      // Imported only when needed, because of its many dependencies.
      const { testcontainersRuntime } = await importOptional(
        TESTCONTAINERS,
        () => import("./docker/testcontainers-runtime.ts"),
      );
      return startContainerLab(testcontainersRuntime, options, runtime.docker);
    }
  }
}

function canaryIsLocal(runtime: RuntimeName): UsageError {
  return new UsageError({
    code: "canary-is-local",
    message: `Expected --runtime local for a canary, got ${runtime}: only processes of this machine get a second platform and HAProxy.`,
    nextStep: "Leave out --runtime. docs/runtimes.md says what each runtime has.",
  });
}
