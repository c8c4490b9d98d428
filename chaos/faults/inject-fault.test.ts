import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultProxyClient } from "../client/fault-proxy-client.ts";
import { FAULT_PROXY_MAIN } from "../fault-proxy-main.ts";
import { Origin, Peer } from "../proxy/test-rig.ts";
import type { FaultContext } from "./fault-kind.ts";
import { injectFault } from "./inject-fault.ts";
import { parseFault } from "./parse-fault.ts";
import type { Fault } from "./registry.ts";

let process: ChildProcess;
let proxy: FaultProxyClient;
let origin: Origin;
let context: FaultContext;

beforeAll(async () => {
  process = spawn("node", [FAULT_PROXY_MAIN, "--port", "0", "--seed", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(process.stdout ?? process, "data")) as [Buffer];
  const listening = JSON.parse(line.toString()) as { event: string; url: string };
  expect(listening.event).toBe("listening");
  proxy = await FaultProxyClient.connect(listening.url);
  origin = await Origin.start();
  context = {
    proxy,
    databaseUrlOf: () => "postgres://nobody@127.0.0.1:9/none",
    venueControlUrl: "http://127.0.0.1:9",
    processes: null,
    clients: null,
    ownFaults: [],
  };
});

afterAll(async () => {
  await origin[Symbol.asyncDispose]();
  const exited = once(process, "exit");
  process.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

/** A connection through a new link of this name. */
async function open(link: string): Promise<{ readonly client: Peer; readonly server: Peer }> {
  const links = await proxy.populate([{ name: link, listen: "127.0.0.1:0", upstream: origin.address }]);
  const port = Number(links.get(link)?.listen.split(":")[1]);
  const reached = origin.next();
  const client = new Peer(connect({ host: "127.0.0.1", port, allowHalfOpen: true }));
  return { client, server: await reached };
}

describe("a fault on a real fault proxy", () => {
  const kinds: readonly [string, readonly string[]][] = [
    ["latency", ["latency=5", "jitter=1"]],
    ["bandwidth", ["rate=1000"]],
    ["silence", []],
    ["slicer", ["average_size=2", "size_variation=1", "delay=100"]],
    ["limit-data", ["bytes=2"]],
  ];
  it.each(kinds)("%s affects traffic, and its bite stays readable after it healed", async (kind, pairs) => {
    const { client, server } = await open(kind);
    const fault = parseFault(kind, kind, pairs);
    const active = await injectFault(fault, context);
    expect(active.fault).toEqual(fault);
    expect(active.label).toContain(`on ${kind} (downstream)`);
    expect(await active.bite()).toEqual({ kind: "counted", connections: 0, bytes: 0, messages: null });
    server.socket.end("12345678");
    if (kind === "silence") {
      client.socket.write("x");
      await server.receive(1);
    } else {
      await client.ended;
    }
    await active.heal();
    await active.heal();
    await client.ended;
    expect(client.received.length).toBe(kind === "limit-data" ? 2 : 8);
    await proxy.reset();
    expect(await active.bite()).toEqual({
      kind: "counted",
      connections: 1,
      bytes: kind === "limit-data" ? 6 : 8,
      messages: null,
    });
    expect((await proxy.link(kind)).toxics).toEqual([]);
  });

  it("reset-peer and slow-close affect connections", async () => {
    const first = await open("reset-peer");
    await using reset = await injectFault(parseFault("reset-peer", "reset-peer", []), context);
    expect(await first.client.closed).toBe("ECONNRESET");
    expect(await reset.bite()).toEqual({ kind: "counted", connections: 1, bytes: 0, messages: null });
    const second = await open("slow-close");
    await using slow = await injectFault(parseFault("slow-close", "slow-close", ["delay=20"]), context);
    second.server.socket.end();
    await second.client.ended;
    expect(await slow.bite()).toEqual({ kind: "counted", connections: 1, bytes: 0, messages: null });
  });

  it("faults on new connections are injected, described and healed like any other", async () => {
    const { client, server } = await open("freeze");
    const frozen = await injectFault(parseFault("freeze", "freeze", []), context);
    expect(frozen.label).toBe("connections frozen on freeze");
    server.socket.write("held");
    while (true) {
      const bite = await frozen.bite();
      if (bite.kind === "counted" && bite.bytes === 4) break;
    }
    await frozen.heal();
    expect((await client.receive(4)).toString()).toBe("held");
    const refused = await injectFault(parseFault("freeze", "connect_refuse", []), context);
    await refused.heal();
    expect(await refused.bite()).toMatchObject({ kind: "unknown", why: expect.stringContaining("refuses") });
  });

  it("down counts the connections it closed, and says when it cannot count those it refused", async () => {
    const { client } = await open("down");
    const fault: Fault = { kind: "down", link: "down" };
    const before = await proxy.link("down");
    const active = await injectFault(fault, context);
    await client.ended;
    expect((await proxy.link("down")).enabled).toBe(false);
    await active.heal();
    expect(await proxy.link("down")).toEqual(before);
    expect(await active.bite()).toEqual({ kind: "counted", connections: 1, bytes: 0, messages: null });
    const idle = await injectFault(fault, context);
    await idle.heal();
    expect(await idle.bite()).toMatchObject({ kind: "unknown", why: expect.stringContaining("no trace") });
  });

  it("heals when its block ends, even after a reset", async () => {
    await open("scope");
    {
      await using _active = await injectFault(parseFault("scope", "silence", []), context);
      expect((await proxy.link("scope")).toxics).toHaveLength(1);
    }
    expect((await proxy.link("scope")).toxics).toEqual([]);
    const reset = await injectFault(parseFault("scope", "silence", []), context);
    await proxy.reset();
    await reset.heal();
    expect(await reset.bite()).toMatchObject({ kind: "unknown", why: expect.stringContaining("reset") });
  });

  it("is refused with the proxy's own message for a link that does not exist", async () => {
    await expect(injectFault(parseFault("nowhere", "latency", ["latency=1"]), context)).rejects.toThrow(
      "proxy not found",
    );
  });
});
