import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { FAULT_PROXY_MAIN, FaultProxyClient } from "../../chaos/index.ts";

/** A program between the load and the origin that is measured. */
export interface Engine {
  readonly name: string;
  /** Starts it in a new process, with one link to the origin. */
  start(originPort: number): Promise<StartedEngine>;
}

export interface StartedEngine extends AsyncDisposable {
  /** Its control API. */
  readonly url: string;
  /** The address for the load, on 127.0.0.1. */
  readonly port: number;
  /** The measured process; null when there is none. */
  readonly pid: number | null;
}

/** No proxy at all: the limits of the load and the origin themselves, for comparison. */
export const BARE: Engine = {
  name: "no proxy",
  start: async (originPort) => ({
    url: "",
    port: originPort,
    pid: null,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
};

/** This project's fault proxy, started as the lab starts it. */
export function kanitEngine(): Engine {
  return {
    name: "kanit",
    start: async (originPort) => {
      const child = spawn(process.execPath, [FAULT_PROXY_MAIN, "--port", "0"], {
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "kanit-bench-compile-cache") },
      });
      const [line] = await once(createInterface({ input: child.stdout }), "line");
      return started(child, JSON.parse(line).url, originPort);
    },
  };
}

/** Shopify's server, from the path of its program. */
export function toxiproxyEngine(program: string): Engine {
  return {
    name: "toxiproxy",
    start: async (originPort) => {
      const port = await freePort();
      const child = spawn(program, ["-port", String(port)], { stdio: ["ignore", "ignore", "ignore"] });
      return started(child, `http://127.0.0.1:${port}`, originPort);
    },
  };
}

async function started(child: ChildProcess, url: string, originPort: number): Promise<StartedEngine> {
  const ended = once(child, "exit");
  const client = await whenListening(url);
  const request = { name: "bench", listen: "127.0.0.1:0", upstream: `127.0.0.1:${originPort}` };
  const listen = (await client.populate([request])).get("bench")?.listen ?? "";
  if (child.pid === undefined) throw new Error(`expected a running process behind ${url}, got none`);
  return {
    url,
    port: Number(listen.split(":").at(-1)),
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Toxiproxy does not report when it listens, so its API is polled. */
async function whenListening(url: string): Promise<FaultProxyClient> {
  for (let left = 100; ; left--) {
    try {
      return await FaultProxyClient.connect(url);
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("expected a TCP port, got none");
  return address.port;
}
