import { askHaproxy, type HaproxyRuntime } from "./haproxy-runtime.ts";
import { type HaproxyServer, readServers } from "./haproxy-servers.ts";
import { type ArmWeights, weightsOfShare } from "./share-weights.ts";

/** A backend of HAProxy whose servers are the two arms. */
export interface HaproxyArms {
  readonly runtime: HaproxyRuntime;
  readonly backend: string;
  /** The names of the servers. */
  readonly stable: readonly string[];
  readonly candidate: readonly string[];
}

/** What became of a request for a share. `refused`: what HAProxy said, or what its servers are instead. */
export type ShareChange =
  | { readonly kind: "set" }
  | { readonly kind: "impossible" }
  | { readonly kind: "refused"; readonly received: string };

/** The commands that set the share of the candidate, or null where weights cannot say it. */
export function shareCommands(
  arms: Omit<HaproxyArms, "runtime">,
  sharePercent: number,
): readonly string[] | null {
  const weights = weightsOf(arms, sharePercent);
  if (weights === null) return null;
  const commandsOf = (servers: readonly string[], weight: number) =>
    servers.flatMap((server) => [
      `set weight ${arms.backend}/${server} ${weight}`,
      // With the weight 0 a server still gets the clients that stick to it; in maintenance it gets nothing new.
      `set server ${arms.backend}/${server} state ${weight === 0 ? "maint" : "ready"}`,
    ]);
  const growing = [commandsOf(arms.stable, weights.stable), commandsOf(arms.candidate, weights.candidate)];
  // An arm is switched on before the other is switched off, so that there is always one.
  return (weights.stable === 0 ? growing.toReversed() : growing).flat();
}

/**
 * Sets the share of the candidate, and reads back whether it has it. Doing it again changes nothing. A server that
 * somebody else took into maintenance stays there: the others of its arm share its part.
 *
 * @throws NetworkError when HAProxy's runtime API does not answer.
 */
export async function setHaproxyShare(
  arms: HaproxyArms,
  sharePercent: number,
  signal: AbortSignal,
): Promise<ShareChange> {
  const before = await readServers(arms.runtime, arms.backend, signal);
  if (typeof before === "string") return { kind: "refused", received: firstLine(before) };
  const inService = withoutForeignMaintenance(arms, before);
  const weights = weightsOf(inService, sharePercent);
  const commands = shareCommands(inService, sharePercent);
  if (weights === null || commands === null) return { kind: "impossible" };
  if (
    (weights.stable > 0 && inService.stable.length === 0) ||
    (weights.candidate > 0 && inService.candidate.length === 0)
  )
    return { kind: "refused", received: "all servers of an arm are in maintenance" };
  const answer = await askHaproxy(arms.runtime, commands, signal);
  if (answer !== "") return { kind: "refused", received: firstLine(answer) };
  const servers = await readServers(arms.runtime, arms.backend, signal);
  if (typeof servers === "string") return { kind: "refused", received: firstLine(servers) };
  const wrong = wrongServers(inService, servers, weights);
  return wrong === "" ? { kind: "set" } : { kind: "refused", received: wrong };
}

function weightsOf({ stable, candidate }: Pick<HaproxyArms, "stable" | "candidate">, sharePercent: number) {
  return weightsOfShare(sharePercent, {
    stable: Math.max(1, stable.length),
    candidate: Math.max(1, candidate.length),
  });
}

// A server in maintenance with the weight 0 was switched off by an earlier share.
function withoutForeignMaintenance(arms: HaproxyArms, servers: readonly HaproxyServer[]): HaproxyArms {
  const away = servers.filter(({ weight, isInMaintenance }) => isInMaintenance && weight > 0);
  const isThere = (name: string) => !away.some((server) => server.name === name);
  return { ...arms, stable: arms.stable.filter(isThere), candidate: arms.candidate.filter(isThere) };
}

/**
 * The share that the weights of the servers say, or what HAProxy said instead. Whether the requests follow is
 * measured at the arms, not here.
 */
export async function readHaproxyShare(arms: HaproxyArms, signal: AbortSignal): Promise<number | string> {
  const servers = await readServers(arms.runtime, arms.backend, signal);
  if (typeof servers === "string") return firstLine(servers);
  const weightOf = (names: readonly string[]) =>
    servers
      .filter(({ name, isInMaintenance }) => names.includes(name) && !isInMaintenance)
      .reduce((sum, { weight }) => sum + weight, 0);
  const candidate = weightOf(arms.candidate);
  const all = candidate + weightOf(arms.stable);
  return all === 0 ? "no server of an arm takes requests" : (100 * candidate) / all;
}

function wrongServers(
  { stable, candidate }: HaproxyArms,
  servers: readonly HaproxyServer[],
  weights: ArmWeights,
): string {
  const expected = new Map([
    ...stable.map((name) => [name, weights.stable] as const),
    ...candidate.map((name) => [name, weights.candidate] as const),
  ]);
  const wrong = servers.flatMap(({ name, weight, isInMaintenance }) => {
    const wanted = expected.get(name);
    expected.delete(name);
    const state = `${name} has the weight ${weight}${isInMaintenance ? " and is in maintenance" : ""}`;
    if (wanted === undefined) return isInMaintenance || weight === 0 ? [] : [`${state}, but is of no arm`];
    return weight === wanted && isInMaintenance === (wanted === 0) ? [] : [state];
  });
  return [...wrong, ...[...expected.keys()].map((name) => `there is no server ${name}`)].join("; ");
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
