import type { GuardedProcess } from "../local/guarded-process.ts";
import type { ContainerContext } from "./container-context.ts";
import type { ContainerState } from "./docker-engine.ts";

// `docker logs` ends with the container; what ended the container is then asked for, and handed on as exit code.
const FOLLOW = 'docker logs --follow --since "$2" "$1"; exit "$(docker wait "$1")"';
const ALL = "0";

/**
 * Follows a container's log into the lab's log folder for as long as it runs. The process stands for the container: its
 * unexpected end is the container's, with the same exit code and last lines.
 *
 * @param sinceSeconds what the log said before that time of the Unix epoch is left out.
 */
export function followContainer(
  { processes, engine, logDirectory }: Pick<ContainerContext, "processes" | "engine" | "logDirectory">,
  name: string,
  container: ContainerState,
  sinceSeconds: string = ALL,
): Promise<GuardedProcess> {
  return processes.start({
    name,
    command: ["sh", "-c", FOLLOW, "follow", container.id, sinceSeconds],
    environment: engine.environment,
    workingDirectory: "/",
    logDirectory,
    stopSignal: "TERM",
    user: { kind: "same" },
    directoryToRemove: null,
  });
}
