import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { FaultProxyClient } from "../../client/fault-proxy-client.ts";
import { startFaultProxy } from "../../proxy/fault-proxy.ts";
import { until } from "../../proxy/test-rig.ts";

const PEER = fileURLToPath(new URL("testing/websocket_peer.py", import.meta.url));
/** Where `examples/python-platform/install.sh` puts the package, and the file that it writes last. */
const VENV = fileURLToPath(new URL("../../../examples/python-platform/.venv/", import.meta.url));
const PYTHONS = [...(existsSync(`${VENV}whole`) ? [`${VENV}bin/python`] : []), "python3"];
const python = await firstWithWebSockets(PYTHONS);
const skipped = "no Python has the package websockets: examples/python-platform/install.sh installs it";

async function firstWithWebSockets(pythons: readonly string[]): Promise<string | null> {
  for (const program of pythons) {
    const check = promisify(execFile)(program, ["-c", "import websockets.asyncio.server"]);
    if (
      await check.then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  return null;
}

/** A program of the package `websockets` and what it printed. */
class PythonPeer implements Disposable {
  readonly #child: ChildProcess;
  readonly #said: Readonly<Record<string, string | number | null>>[] = [];

  constructor(program: string, ...args: readonly string[]) {
    const child = spawn(program, [PEER, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: child.stdout }).on("line", (line) => this.#said.push(JSON.parse(line)));
    this.#child = child;
  }

  said(key: string): readonly (string | number | null)[] {
    return this.#said.flatMap((line) => (key in line ? [line[key] ?? null] : []));
  }

  /** What it prints first under that key. */
  async first(key: string): Promise<string | number | null> {
    await until(() => this.said(key).length > 0);
    return this.said(key)[0] ?? null;
  }

  send(messages: readonly string[]): void {
    this.#child.stdin?.write(messages.map((message) => `${message}\n`).join(""));
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

/** A venue's message: it repeats the one before it, so that its compressed form refers to that one. */
const text = (id: number) => JSON.stringify({ id, stream: "btcusdt@trade", price: "67000.10", side: "alış" });
const texts = (...ids: readonly number[]) => ids.map(text);

describe.each([
  { stream: "downstream", from: "server", to: "client" },
  { stream: "upstream", from: "client", to: "server" },
] as const)("Python's websockets as it compresses by default, $stream:", ({ stream, from, to }) => {
  beforeEach(({ skip }) => skip(python === null, skipped));

  it.each([
    ["ws_drop", { every: 3 }, [1, 2, 4, 5, 7, 8]],
    ["ws_swallow", { pattern: '"id":[4-6],' }, [1, 2, 3, 7, 8]],
    ["ws_duplicate", { nth: 2, copies: 2 }, [1, 2, 2, 2, 3, 4, 5, 6, 7, 8]],
    ["ws_reorder", { nth: 3 }, [1, 2, 4, 3, 5, 6, 7, 8]],
  ])("%s %j changes the chosen messages and no other", async (type, attributes, expected) => {
    await using open = await openThrough({ type, attributes });
    open[from].send(texts(1, 2, 3, 4, 5, 6, 7, 8));
    await until(() => open[to].said("message").length >= expected.length);
    expect(open[to].said("message")).toEqual(texts(...expected));
    expect(open[to].said("error")).toEqual([]);
  });

  it("ws_corrupt of valid texts leaves valid texts of the same length", async () => {
    await using open = await openThrough({ type: "ws_corrupt", attributes: { nth: 2, bytes: 5 } });
    open[from].send(texts(1, 2, 3));
    await until(() => open[to].said("message").length >= 3);
    const [first, corrupted, third] = open[to].said("message");
    expect([first, third]).toEqual(texts(1, 3));
    expect(corrupted).not.toBe(text(2));
    expect(corrupted).toHaveLength(text(2).length);
    expect(open[to].said("error")).toEqual([]);
  });

  async function openThrough({ type, attributes }: { readonly type: string; readonly attributes: object }) {
    const stack = new AsyncDisposableStack();
    const server = stack.use(new PythonPeer(python ?? ""));
    const proxy = await startFaultProxy({ port: 0, seed: 1 });
    stack.defer(() => proxy.stop());
    const control = await FaultProxyClient.connect(proxy.url);
    const upstream = `127.0.0.1:${await server.first("port")}`;
    const link = (await control.populate([{ name: "link", listen: "127.0.0.1:0", upstream }])).get("link");
    await control.addToxic("link", { type, stream, toxicity: 1, attributes: { ...attributes } });
    const client = stack.use(new PythonPeer(python ?? "", `ws://${link?.listen}`));
    expect(await server.first("extensions")).toContain("permessage-deflate");
    return { client, server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }
});
