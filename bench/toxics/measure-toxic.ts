import { once } from "node:events";
import { Agent } from "node:http";
import { FaultProxyClient } from "../../chaos/index.ts";
import type { StartedEngine } from "../fault-proxy/engine.ts";
import { cpuSeconds } from "../fault-proxy/process-figures.ts";
import { controlCall, echoThrough, type ProbeResult, probe } from "./probe.ts";
import type { ToxicCase } from "./toxic-cases.ts";
import type { TransferResult, TransferTask } from "./traffic.ts";

/** The time limit of a transfer. */
const LIMIT_MS = 5_000;
const LEASE_TTL_MS = 400;

/** The effect of a toxic on the traffic of its link, and on everything else. */
export interface ToxicFigures {
  readonly transfer: TransferResult;
  readonly control: ProbeResult;
  readonly otherLink: ProbeResult;
  readonly cpuSeconds: number;
  /** Whether a lease that was renewed in time was held to the end; null when the engine has no leases. */
  readonly leaseHeld: boolean | null;
}

export interface MeasuredEngine {
  readonly name: string;
  readonly started: StartedEngine & { readonly pid: number };
  readonly hasLeases: boolean;
}

/**
 * Transfers data through the toxic, while it continuously probes the control API, a lease and another link.
 */
export async function measureToxic(
  engine: MeasuredEngine,
  toxicCase: ToxicCase,
  originPort: number,
  transfer: (task: TransferTask) => Promise<TransferResult>,
): Promise<ToxicFigures> {
  const { url, port, pid } = engine.started;
  const client = await FaultProxyClient.connect(url);
  const other = { name: "other", listen: "127.0.0.1:0", upstream: `127.0.0.1:${originPort}` };
  const otherPort = (await client.populate([other])).get("other")?.listen.split(":").at(-1);
  const echo = await echoThrough(Number(otherPort));
  await echo.ask();
  const { type, attributes, traffic, bytes, connections } = toxicCase;
  if (type !== null) await client.addToxic("bench", { type, stream: "downstream", toxicity: 1, attributes });
  const agent = new Agent({ keepAlive: true });
  const done = new AbortController();
  const lease = engine.hasLeases ? keepLease(client, done.signal) : Promise.resolve(null);
  const control = probe(async () => void (await controlCall(url, "GET", "/proxies", agent)), done.signal);
  const otherLink = probe(echo.ask, done.signal);
  const cpuBefore = await cpuSeconds(pid);
  const result = await transfer({ traffic, port, bytes, connections, limitMs: LIMIT_MS });
  done.abort();
  const figures = {
    transfer: result,
    control: await control,
    otherLink: await otherLink,
    cpuSeconds: (await cpuSeconds(pid)) - cpuBefore,
    leaseHeld: await lease,
  };
  echo.close();
  agent.destroy();
  return figures;
}

/** Holds a short lease, which renews itself, and returns whether it was never lost. */
async function keepLease(client: FaultProxyClient, signal: AbortSignal): Promise<boolean> {
  const lease = await client.openLease("bench", LEASE_TTL_MS);
  await once(signal, "abort");
  return (await lease.release()).kind === "released";
}
