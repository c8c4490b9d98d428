import { hostname } from "node:os";
import { isAlive, type ProcessOwner } from "../process-owner.ts";
import { DockerEngine, OWNER_LABEL } from "./docker-engine.ts";

/** An owner as a label. It includes the machine, since several machines may share an engine. */
export function ownerLabel({ pid, startedAt }: ProcessOwner): string {
  return `${hostname()}/${pid}/${startedAt.replaceAll(" ", "_")}`;
}

/**
 * Removes the containers and networks of labs whose owner on this machine has died, found by their label alone. Returns
 * how many such labs there were.
 */
export async function sweepContainers(engine: DockerEngine): Promise<number> {
  let swept = 0;
  for (const label of await engine.labelValues(OWNER_LABEL)) {
    const owner = readOwner(label);
    if (owner === null || (await isAlive(owner))) continue;
    await engine.removeLabeled(OWNER_LABEL, label);
    swept += 1;
  }
  return swept;
}

/**
 * Does this with the engine of these variables.
 *
 * @throws UnavailableError when none answers.
 */
export function sweepDockerLabs(variables: Readonly<Record<string, string>>): Promise<number> {
  return sweepContainers(new DockerEngine(variables));
}

/** Null for an owner on another machine, whose state is unknown here, and for a lab without an owner. */
function readOwner(label: string): ProcessOwner | null {
  const [host, pid, startedAt] = label.split("/");
  if (host !== hostname() || pid === undefined || startedAt === undefined) return null;
  return { pid: Number(pid), startedAt: startedAt.replaceAll("_", " ") };
}
