import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../../core/index.ts";
import {
  askHaproxy,
  type HaproxyArms,
  type HaproxyServer,
  readServers,
  setHaproxyShare,
} from "../../network/index.ts";
import type { LabContext } from "../local/lab-context.ts";
import type { StartedPlatform } from "../local/platform.ts";
import type { CanaryOptions } from "./canary-options.ts";
import { CANDIDATE, type Candidate } from "./candidate.ts";
import { startHaproxy } from "./haproxy.ts";
import { BACKEND, SERVERS } from "./haproxy-configuration.ts";
import { haproxyArmsOf, type LabCanary } from "./lab-canary.ts";

const POLL_MS = 20;

/** The candidate beside the stable platform, and HAProxy before both. */
export interface StartedCanary {
  /** HAProxy's `host:port`, which is where users come in. */
  readonly front: string;
  /** Both arms as they are now. */
  describe(stable: StartedPlatform): LabCanary;
  /** Ends the candidate, so that it writes nothing into the next database. */
  stopCandidate(): Promise<void>;
  /** Begins anew: the candidate started again, its first share, the stable platform where it listens now. */
  beginAnew(stable: StartedPlatform, signal: AbortSignal): Promise<void>;
  /** How the processes that the canary adds are started again. */
  readonly restarts: Readonly<Record<string, () => Promise<void>>>;
}

/**
 * Checks that the two platforms can stand beside each other.
 *
 * @throws UsageError `candidate-trades-elsewhere`
 */
export function requireComparable({ options }: LabContext, { candidate }: CanaryOptions): void {
  const added = candidate.venues.filter((venue) => !options.platform.venues.includes(venue));
  if (added.length === 0) return;
  throw new UsageError({
    code: "candidate-trades-elsewhere",
    message: `Expected the candidate to trade where the stable platform trades (${options.platform.venues.join(", ")}), but it also has ${added.join(", ")}.`,
    nextStep: "Name the venue in the stable platform's definition too, or leave it out of the candidate's.",
  });
}

/** Starts HAProxy before both arms, and sets the first share. */
export async function startCanary(
  context: LabContext,
  options: CanaryOptions,
  stable: StartedPlatform,
  candidate: Candidate,
): Promise<StartedCanary> {
  const { platform } = context.options;
  const haproxy = await startHaproxy(context, {
    clients: options.clients,
    health: platform.health,
    stable: new URL(stable.url).host,
    candidate: new URL(candidate.url).host,
  });
  const armOf = (server: string, process_: string, url: string, metricsPath: string, version: string) => {
    return { server, process: process_, urls: [url], metrics: [`${url}${metricsPath}`], version };
  };
  const describe = ({ url }: StartedPlatform): LabCanary => ({
    front: `http://127.0.0.1:${haproxy.port}`,
    runtime: haproxy.runtime.href,
    backend: BACKEND,
    clients: options.clients,
    stable: armOf(SERVERS.stable, platform.name, url, platform.metrics.path, "as released"),
    candidate: armOf(
      SERVERS.candidate,
      CANDIDATE,
      candidate.url,
      options.candidate.metrics.path,
      options.difference,
    ),
  });
  const arms = haproxyArmsOf(describe(stable));
  const setFirstShare = async (signal: AbortSignal) => {
    await setShare(arms, options.sharePercent, signal);
    await untilUp(arms, signal);
  };
  await setFirstShare(context.processes.stopping);
  return {
    front: `127.0.0.1:${haproxy.port}`,
    describe,
    stopCandidate: () => candidate.stop(),
    beginAnew: async (now, signal) => {
      await candidate.startAgain();
      await leadStableTo(arms, now, signal);
      await setFirstShare(signal);
    },
    restarts: {
      [CANDIDATE]: () => candidate.startAgain(),
      haproxy: async () => {
        await context.processes.retire("haproxy");
        await haproxy.startAgain();
        await setFirstShare(context.processes.stopping);
      },
    },
  };
}

async function setShare(arms: HaproxyArms, sharePercent: number, signal: AbortSignal): Promise<void> {
  const change = await setHaproxyShare(arms, sharePercent, signal);
  if (change.kind === "set") return;
  throw new UsageError({
    code: "share-not-possible",
    message: `Expected a share from 0 to 100 % that HAProxy's weights can say, got ${sharePercent} %${change.kind === "refused" ? `: ${change.received}` : ""}.`,
    nextStep: "Choose whole percents.",
  });
}

/** A platform that is reset by a restart may listen elsewhere afterwards. */
async function leadStableTo(arms: HaproxyArms, { url }: StartedPlatform, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(url);
  const command = `set server ${BACKEND}/${SERVERS.stable} addr ${hostname} port ${port}`;
  await askHaproxy(arms.runtime, [command], signal);
}

function isReady({ isInMaintenance, isUp, hasPassedCheck }: HaproxyServer): boolean {
  return isInMaintenance || (isUp && hasPassedCheck);
}

/** Resolves when HAProxy's checks find every arm working that takes requests. */
async function untilUp(arms: HaproxyArms, signal: AbortSignal): Promise<void> {
  for (;;) {
    const servers = await readServers(arms.runtime, BACKEND, signal);
    if (typeof servers !== "string" && servers.every(isReady)) return;
    await delay(POLL_MS, undefined, { signal });
  }
}
