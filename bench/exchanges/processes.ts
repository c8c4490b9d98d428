import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LoadResult, LoadTask } from "./load-task.ts";

const EXCHANGES_MAIN = fileURLToPath(new URL("../../exchanges/main.ts", import.meta.url));

/** A program beside the benchmark, ended with it. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
}

/** The load program. */
export interface Load extends Program {
  run(task: LoadTask): Promise<LoadResult>;
}

/** A server to compare with; it receives its content over IPC. */
export interface BareServer extends Program {
  readonly port: number;
  send(message: string | readonly string[]): void;
}

/** The exchange stubs, as the lab starts them. */
export interface Stub extends Program {
  readonly restPort: number;
  readonly wsPort: number;
  control(path: string): Promise<void>;
}

export function startLoad(): Load {
  const { child, ...program } = forked("./load-main.ts");
  return {
    ...program,
    run: async (task) => {
      child.send(task);
      const [result] = (await once(child, "message")) as [LoadResult];
      return result;
    },
  };
}

/** Starts an HTTP server that answers everything with `body`. */
export async function startConstant(body: string): Promise<BareServer> {
  const { child, ...program } = forked("./constant-main.ts");
  child.send(body);
  const [port] = (await once(child, "message")) as [number];
  return { ...program, port, send: (message) => child.send(message) };
}

/** Starts a WebSocket server that sends the frames it receives over IPC to every client. */
export async function startBareWebSocket(): Promise<BareServer> {
  const { child, ...program } = forked("./bare-websocket-main.ts");
  const [port] = (await once(child, "message")) as [number];
  return { ...program, port, send: (message) => child.send(message) };
}

/** Starts the stubs with flags of their program. */
export async function startStub(flags: Readonly<Record<string, string>>): Promise<Stub> {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [EXCHANGES_MAIN, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { binance, control } = JSON.parse(line);
  return {
    pid: pidOf(child),
    restPort: binance.restPort,
    wsPort: binance.wsPort,
    control: async (path) => {
      const { status } = await fetch(`${control}${path}`, { method: "POST" });
      if (status !== 200) throw new Error(`expected 200 of ${path}, got ${status}`);
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function forked(main: string): Program & { readonly child: ChildProcess } {
  const child = fork(new URL(main, import.meta.url));
  return {
    child,
    pid: pidOf(child),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("expected a running program, got none");
  return pid;
}
