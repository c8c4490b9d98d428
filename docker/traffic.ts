import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;
const READ_TRIES = 5;
// A connection that this side has closed is over, whatever the kernel still reports for it.
const OPEN = ["state", "established", "state", "close-wait"];

/** A link as in links.json. */
export interface LinkAddress {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

/** The bytes received by the fault proxy in one direction of a link. */
interface DirectionTraffic {
  /** By connection: the remote address, and the bytes it has sent so far. */
  readonly open: Readonly<Record<string, number>>;
  /** The bytes of ended connections, as Toxiproxy counted them. */
  readonly endedBytes: number;
}

/** `upstream`: what clients sent. `downstream`: what the server sent. */
export interface LinkTraffic {
  readonly upstream: DirectionTraffic;
  readonly downstream: DirectionTraffic;
}

/**
 * Returns the bytes received on a link: open connections from the kernel, ended ones from Toxiproxy's metrics
 * (none where `metricsUrl` is null). It reads both again when a connection ended between the two readings, so
 * that none is counted twice or omitted.
 */
export async function readTraffic(link: LinkAddress, metricsUrl: string | null): Promise<LinkTraffic> {
  for (let tries = 1; ; tries++) {
    const before = await readEnded(link.name, metricsUrl);
    const { stdout } = await execute("ss", ["-tinHO", ...OPEN], {
      maxBuffer: OUTPUT_LIMIT_BYTES,
    });
    const after = await readEnded(link.name, metricsUrl);
    if (before.upstream === after.upstream && before.downstream === after.downstream) {
      const open = openConnections(stdout, link);
      return {
        upstream: { open: open.upstream, endedBytes: after.upstream },
        downstream: { open: open.downstream, endedBytes: after.downstream },
      };
    }
    if (tries === READ_TRIES)
      throw new Error(`connections on ${link.name} end faster than they can be counted`);
  }
}

/** Finds the sockets of one link in the output of `ss -tinHO`. */
export function openConnections(
  output: string,
  { listen, upstream }: LinkAddress,
): Readonly<Record<"upstream" | "downstream", Readonly<Record<string, number>>>> {
  const accepted: Record<string, number> = {};
  const dialled: Record<string, number> = {};
  for (const line of output.split("\n")) {
    const [, , , local, peer] = line.trim().split(/\s+/);
    if (local === undefined || peer === undefined) continue;
    const bytes = Number(/ bytes_received:(\d+)/.exec(line)?.[1] ?? 0);
    if (portOf(local) === portOf(listen)) accepted[peer] = bytes;
    else if (portOf(peer) === portOf(upstream)) dialled[local] = bytes;
  }
  return { upstream: accepted, downstream: dialled };
}

function portOf(address: string): string {
  return address.slice(address.lastIndexOf(":") + 1);
}

async function readEnded(link: string, metricsUrl: string | null) {
  if (metricsUrl === null) return { upstream: 0, downstream: 0 };
  const text = await (await fetch(metricsUrl)).text();
  return { upstream: endedBytes(text, link, "upstream"), downstream: endedBytes(text, link, "downstream") };
}

/**
 * The sum of Toxiproxy's counter over a link's listeners, since each new upstream or port is another series.
 */
export function endedBytes(metrics: string, link: string, direction: "upstream" | "downstream"): number {
  return metrics
    .split("\n")
    .filter((line) => line.startsWith("toxiproxy_proxy_received_bytes_total{"))
    .filter((line) => line.includes(`proxy="${link}"`) && line.includes(`direction="${direction}"`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
