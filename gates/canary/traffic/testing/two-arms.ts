import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { askHaproxy, HAPROXY_DEADLINE_MS, type HaproxyArms } from "../../../../network/index.ts";

const POLL_MS = 10;
// Debian installs it in a folder that is not on every user's PATH.
const PROGRAM_PATH = { PATH: "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin" };

/** Whether a test that needs HAProxy must be skipped, and its name says so. */
export const hasHaproxy = spawnSync("haproxy", ["-v"], { env: PROGRAM_PATH }).status === 0;

/** A real HAProxy before two servers that count their requests. */
export interface TwoArms extends AsyncDisposable {
  readonly arms: HaproxyArms;
  /** Sends requests one after the other. Returns how many each arm got of them. */
  request(count: number, cookie?: string): Promise<{ readonly stable: number; readonly candidate: number }>;
  /** Lets HAProxy stand still, with its sockets open. */
  pause(): void;
  resume(): void;
  /** Sends a command to the runtime API, as an operator would. */
  command(text: string): Promise<string>;
}

/** Starts them. With `sticky` HAProxy keeps each client at its server by a cookie. */
export async function startTwoArms({ sticky = false }: { readonly sticky?: boolean } = {}): Promise<TwoArms> {
  const directory = await mkdtemp(join(tmpdir(), "kanit-haproxy-"));
  const socketOf = (name: string) => join(directory, `${name}.sock`);
  const counts = { stable: 0, candidate: 0 };
  const servers = await Promise.all(
    (["stable", "candidate"] as const).map(async (arm) => {
      const server = http.createServer((_request, answer) => {
        counts[arm]++;
        answer.end(arm);
      });
      await once(server.listen(socketOf(arm)), "listening");
      return server;
    }),
  );
  await writeFile(join(directory, "haproxy.cfg"), configuration(socketOf, sticky));
  const haproxy = spawn("haproxy", ["-db", "-f", "haproxy.cfg"], { cwd: directory, env: PROGRAM_PATH });
  const ended = once(haproxy, "exit");
  const address = new URL(`unix://${pathToFileURL(socketOf("runtime")).pathname}`);
  const arms: HaproxyArms = {
    runtime: { address, allowedHosts: [], deadlineMs: HAPROXY_DEADLINE_MS },
    backend: "platform",
    stable: ["s1"],
    candidate: ["c1"],
  };
  const command = (text: string) => askHaproxy(arms.runtime, [text], AbortSignal.timeout(5_000));
  while ((await command("show info").catch(() => "")) === "") await delay(POLL_MS);
  return {
    arms,
    command,
    pause: () => void haproxy.kill("SIGSTOP"),
    resume: () => void haproxy.kill("SIGCONT"),
    request: async (count, cookie) => {
      const before = { ...counts };
      for (let sent = 0; sent < count; sent++) await get(socketOf("front"), cookie);
      return { stable: counts.stable - before.stable, candidate: counts.candidate - before.candidate };
    },
    [Symbol.asyncDispose]: async () => {
      // Also where it stands still.
      haproxy.kill("SIGKILL");
      await ended;
      for (const server of servers) server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configuration(socketOf: (name: string) => string, sticky: boolean): string {
  const cookie = (name: string) => (sticky ? ` cookie ${name}` : "");
  return [
    "global",
    `  stats socket ${socketOf("runtime")} mode 600 level admin`,
    "  nbthread 1",
    "defaults",
    "  mode http",
    "  timeout connect 5s",
    "  timeout client 30s",
    "  timeout server 30s",
    "frontend front",
    `  bind ${socketOf("front")}`,
    "  default_backend platform",
    "backend platform",
    "  balance roundrobin",
    ...(sticky ? ["  cookie ARM insert indirect nocache"] : []),
    `  server s1 unix@${socketOf("stable")} weight 100${cookie("s1")}`,
    `  server c1 unix@${socketOf("candidate")} weight 0 disabled${cookie("c1")}`,
    "",
  ].join("\n");
}

async function get(socketPath: string, cookie: string | undefined): Promise<void> {
  const request = http.get({
    socketPath,
    path: "/",
    agent: false,
    headers: cookie === undefined ? {} : { cookie },
  });
  const [answer] = (await once(request, "response")) as [http.IncomingMessage];
  answer.resume();
  await once(answer, "end");
}
