import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

/** Whether Prometheus is on this machine's PATH. */
export function hasPrometheus(): boolean {
  return spawnSync("prometheus", ["--version"]).status === 0;
}

/** A running Prometheus, on loopback. */
export interface StartedPrometheus extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts this machine's Prometheus. It scrapes one target and evaluates one file of rules, both every second.
 * It listens soon after this returns: a caller awaits its first answer.
 */
export async function startPrometheus(options: {
  readonly target: string;
  readonly rules: string;
}): Promise<StartedPrometheus> {
  const directory = await mkdtemp(join(tmpdir(), "kanit-prometheus-"));
  const config = {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
    rule_files: [join(directory, "rules.yml")],
    scrape_configs: [{ job_name: "spark", static_configs: [{ targets: [options.target] }] }],
  };
  await writeFile(join(directory, "prometheus.yml"), stringify(config));
  await writeFile(join(directory, "rules.yml"), options.rules);
  const port = await freePort();
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(directory, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(directory, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string")
    throw new Error("Expected a port of the loopback interface.");
  return address.port;
}
