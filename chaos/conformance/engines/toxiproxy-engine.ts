import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { UnavailableError } from "../../../core/index.ts";
import { anyPort } from "../../proxy/address.ts";
import { type GoProgram, installGoProgram } from "../go-program.ts";
import { type Engine, startedEngine } from "./engine.ts";

/** The version with which the suite compares. */
const VERSION = "v2.12.0";
export const TOXIPROXY_SERVER: GoProgram = {
  package: "github.com/Shopify/toxiproxy/v2/cmd/server",
  version: VERSION,
};
export const TOXIPROXY_CLI: GoProgram = {
  package: "github.com/Shopify/toxiproxy/v2/cmd/cli",
  version: VERSION,
};

const START_TIMEOUT_MS = 10_000;

/** Shopify's own server, or why it is not available on this machine. */
export type FoundToxiproxy =
  | { readonly kind: "installed"; readonly engine: Engine }
  | { readonly kind: "missing"; readonly why: string };

/** Returns Shopify's server, built from its source with the machine's Go and kept in the cache. */
export async function findToxiproxy(): Promise<FoundToxiproxy> {
  const program = await installGoProgram(TOXIPROXY_SERVER);
  if (program.kind === "missing") return program;
  return {
    kind: "installed",
    engine: {
      name: "toxiproxy",
      label: "Toxiproxy 2.12.0",
      start: (options) => start(program.path, options),
    },
  };
}

async function start(path: string, { seed } = { seed: 1 }) {
  const port = await freePort();
  const flags = ["-host", "127.0.0.1", "-port", String(port), "-seed", String(seed), "-proxy-metrics"];
  const child = spawn(path, flags, { stdio: "ignore" });
  const engine = startedEngine("toxiproxy", `http://127.0.0.1:${port}`, child);
  const giveUpAtMs = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(engine.url))) {
    if (child.exitCode === null && performance.now() < giveUpAtMs) continue;
    await engine[Symbol.asyncDispose]();
    throw new UnavailableError({
      code: "engine-ended",
      message: `Expected Toxiproxy to answer at ${engine.url} within ${START_TIMEOUT_MS} ms, got nothing.`,
      nextStep: `Run it manually to see why: ${path} ${flags.join(" ")}`,
    });
  }
  return engine;
}

/**
 * Toxiproxy cannot choose a free control port itself. This one is below the ephemeral ports, of which the
 * suite's connections use many, so it is still free when the server binds it.
 */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = anyPort();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return freePort();
    throw error;
  }
  server.close();
  await once(server, "close");
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/version`)).ok;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // fetch throws a TypeError while nothing listens yet.
    await new Promise((resolve) => setTimeout(resolve, 10));
    return false;
  }
}
