import type { GuardedProcess } from "../local/guarded-process.ts";
import type { ContainerContext } from "./container-context.ts";
import type { ContainerState } from "./docker-engine.ts";

// `docker logs` ends with the container; the container's exit code is then queried and used as its own.
const FOLLOW = 'docker logs --follow --since "$2" "$1"; exit "$(docker wait "$1")"';
const ALL = "0";

/**
 * Follows a container's log into the lab's log folder while the container runs. The process represents the
 * container: its unexpected end is the container's, with the same exit code and last lines.
 *
 * @param sinceSeconds earlier log lines, by seconds since the Unix epoch, are skipped.
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
  });
}
