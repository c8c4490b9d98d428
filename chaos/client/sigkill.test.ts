import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../core/index.ts";
import { FAULT_PROXY_MAIN } from "../fault-proxy-main.ts";
import { FaultProxyClient } from "./fault-proxy-client.ts";
import type { LinkState } from "./fault-proxy-state.ts";

const FAULT_HOLDER = fileURLToPath(new URL("testing/fault-holder.ts", import.meta.url));
const KILLS = 50;
const AT_A_TIME = 10;
const SEED = 7;
const TTL_MS = 1_000;
/** The time to detect on a busy machine that the link is clean; it is not the lease's time. */
const NOTICE_MS = 2_500;
/**
 * When the runner is killed: `null` means as soon as it is spawned. The delay after that is drawn at
 * random up to the limit, in ms.
 */
const MOMENTS: readonly { readonly said: string | null; readonly upToMs: number }[] = [
  { said: null, upToMs: 400 },
  { said: "started", upToMs: 40 },
  { said: "leased", upToMs: 10 },
  { said: "injecting", upToMs: 30 },
  { said: "holding", upToMs: TTL_MS },
  { said: "healing", upToMs: 20 },
];

let proxyProcess: ChildProcess;
let proxy: FaultProxyClient;
const echo = createServer((socket) => socket.on("error", () => socket.destroy()).pipe(socket));
const other = createServer((socket) => socket.destroy());
let before: ReadonlyMap<string, LinkState>;

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return `127.0.0.1:${address.port}`;
}

beforeAll(async () => {
  await Promise.all([listen(echo), listen(other)]);
  proxyProcess = spawn(process.execPath, [FAULT_PROXY_MAIN, "--port", "0", "--seed", "1"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = (await once(proxyProcess.stdout ?? proxyProcess, "data")) as [Buffer];
  proxy = await FaultProxyClient.connect((JSON.parse(line.toString()) as { url: string }).url);
  const names = Array.from({ length: KILLS }, (_, index) => `link-${index}`);
  await proxy.populate(names.map((name) => ({ name, listen: "127.0.0.1:0", upstream: addressOf(echo) })));
  const standing = {
    type: "latency",
    stream: "downstream",
    toxicity: 1,
    attributes: { latency: 1 },
  } as const;
  for (const name of names) await proxy.addToxic(name, { ...standing, name: "standing" });
  before = await proxy.links();
});
afterAll(() => {
  proxyProcess.kill("SIGKILL");
  echo.close();
  other.close();
});

/** Starts a runner on the link and kills it `delayMs` after it reported that moment. */
async function killOne(link: string, seed: number, said: string | null, delayMs: number): Promise<void> {
  const args = [FAULT_HOLDER, proxy.url, link, addressOf(other), String(TTL_MS), String(seed)];
  const runner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(runner, "exit");
  let output = "";
  const momentCame = new Promise<void>((resolve) => {
    runner.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      if (said !== null && output.includes(said)) resolve();
    });
    if (said === null) resolve();
  });
  await Promise.race([momentCame, gone]);
  await sleep(delayMs);
  runner.kill("SIGKILL");
  expect(await gone, `the runner on ${link} ended by itself`).toEqual([null, "SIGKILL"]);
}

/** Waits until the link is as it was before any runner. */
function untilClean(link: string): Promise<void> {
  return expect
    .poll(() => proxy.link(link), { timeout: TTL_MS + NOTICE_MS, interval: 25 })
    .toEqual(before.get(link));
}

/** What the link returns. */
async function roundTrip(link: string): Promise<string> {
  const [host = "", port = ""] = (before.get(link)?.listen ?? "").split(":");
  const socket = connect({ host, port: Number(port) });
  socket.end(`through ${link}`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe("a runner that is killed with SIGKILL", () => {
  it(`at each of ${KILLS} random moments leaves clean traffic within its lease's time to live`, {
    timeout: 60_000,
  }, async () => {
    const random = seededRandom(SEED);
    const kills = Array.from({ length: KILLS }, (_, index) => {
      const moment = MOMENTS[index % MOMENTS.length] ?? { said: null, upToMs: 0 };
      return { link: `link-${index}`, said: moment.said, delayMs: random.below(moment.upToMs) };
    });
    let faulted = 0;
    const worker = async () => {
      for (let kill = kills.pop(); kill !== undefined; kill = kills.pop()) {
        await killOne(kill.link, SEED + kills.length, kill.said, kill.delayMs);
        if (!isDeepStrictEqual(await proxy.link(kill.link), before.get(kill.link))) faulted += 1;
        await untilClean(kill.link);
        expect(await roundTrip(kill.link)).toBe(`through ${kill.link}`);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    expect(await proxy.links()).toEqual(before);
    await expect.poll(() => proxy.leases(), { timeout: TTL_MS + NOTICE_MS }).toEqual([]);
    // The runs that are killed while they hold their faults are certainly among these.
    expect(faulted).toBeGreaterThanOrEqual(Math.floor(KILLS / MOMENTS.length));
  });
});
