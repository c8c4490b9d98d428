import { once } from "node:events";
import { type Agent, request } from "node:http";
import { connect } from "node:net";

/** The latencies of a probe, in ms. */
export interface ProbeResult {
  readonly count: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const PAUSE_MS = 20;
/** The time limit for one answer: a missing answer counts as this long. */
const DEADLINE_MS = 30_000;

/** Probes repeatedly, with a short pause in between, until the signal; the last probe is waited for. */
export async function probe(ask: () => Promise<void>, signal: AbortSignal): Promise<ProbeResult> {
  const tookMs: number[] = [];
  do {
    const startMs = performance.now();
    await Promise.race([ask(), pause(DEADLINE_MS)]);
    tookMs.push(performance.now() - startMs);
    await pause(PAUSE_MS);
  } while (!signal.aborted);
  const sorted = tookMs.toSorted((one, other) => one - other);
  return {
    count: sorted.length,
    p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
  };
}

/** A call of the control API on a connection that stays open. */
export function controlCall(url: string, method: string, path: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, agent }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    sent.once("error", reject).end();
  });
}

/** Round trips of one byte through a link. */
export async function echoThrough(port: number): Promise<{ ask(): Promise<void>; close(): void }> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  return {
    ask: async () => {
      socket.write("e");
      await once(socket, "data");
    },
    close: () => socket.destroy(),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
