import { describe, expect, it } from "vitest";
import { Rig, until } from "../test-rig.ts";

describe("connect_delay", () => {
  it("connects a new connection only after the delay, and carries what the client sent meanwhile", async () => {
    await using rig = await Rig.start();
    await rig.add("connect_delay", { delay: 150 });
    const startedAtMs = performance.now();
    const reached = rig.origin.next();
    const client = rig.dial();
    client.socket.write("early");
    const server = await reached;
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(149);
    expect((await server.receive(5)).toString()).toBe("early");
    expect(await rig.bites("connect_delay_downstream")).toEqual({ connections: 1, bytes: 0 });
  });

  it("connects a waiting connection at once when it is removed", async () => {
    await using rig = await Rig.start();
    await rig.add("connect_delay", { delay: 3_600_000 });
    const reached = rig.origin.next();
    rig.dial();
    await until(async () => (await rig.bites("connect_delay_downstream")).connections === 1);
    await rig.client.removeToxic("link", "connect_delay_downstream");
    await reached;
  });

  it("affects its share of connections, the same ones for the same seed", async () => {
    const delayed = async () => {
      await using rig = await Rig.start({ seed: 7 });
      await rig.client.addToxic("link", {
        type: "connect_delay",
        stream: "downstream",
        toxicity: 0.5,
        attributes: { delay: 3_600_000 },
      });
      for (let count = 0; count < 30; count++) rig.dial();
      await until(async () => {
        const { connections } = await rig.bites("connect_delay_downstream");
        return connections + rig.origin.peers.length === 30;
      });
      return rig.origin.peers.length;
    };
    const first = await delayed();
    expect(first).toBeGreaterThan(5);
    expect(first).toBeLessThan(25);
    expect(await delayed()).toBe(first);
  });
});

describe("connect_hang", () => {
  it("accepts a connection that never reaches the server, until it is removed", async () => {
    await using rig = await Rig.start();
    const { client: open, server: openServer } = await rig.open();
    await rig.add("connect_hang");
    const reached = rig.origin.next();
    const hanging = rig.dial();
    hanging.socket.write("hello?");
    await until(async () => (await rig.bites("connect_hang_downstream")).connections === 1);
    openServer.socket.write("the open one lives");
    await open.receive(18);
    expect(rig.origin.peers).toHaveLength(1);
    await rig.client.removeToxic("link", "connect_hang_downstream");
    expect((await (await reached).receive(6)).toString()).toBe("hello?");
  });

  it("forgets a client that leaves", async () => {
    await using rig = await Rig.start();
    await rig.add("connect_hang");
    const leaving = rig.dial();
    await until(async () => (await rig.bites("connect_hang_downstream")).connections === 1);
    leaving.socket.resetAndDestroy();
    await leaving.closed;
    await rig.client.removeToxic("link", "connect_hang_downstream");
    const { server } = await rig.open();
    server.socket.write("x");
    expect(rig.origin.peers).toHaveLength(1);
  });
});

describe("connect_reset", () => {
  it("resets new connections and does not affect open ones", async () => {
    await using rig = await Rig.start();
    const { client: open, server } = await rig.open();
    await rig.add("connect_reset");
    expect(await rig.dial().closed).toBe("ECONNRESET");
    server.socket.write("alive");
    expect((await open.receive(5)).toString()).toBe("alive");
  });
});

describe("connect_refuse", () => {
  it("refuses new connections while open ones continue, and listens on the same port when it is removed", async () => {
    await using rig = await Rig.start();
    const { client: open, server } = await rig.open();
    await rig.add("connect_refuse");
    expect(await rig.dial().closed).toBe("ECONNREFUSED");
    server.socket.write("alive");
    expect((await open.receive(5)).toString()).toBe("alive");
    expect((await rig.client.link("link")).enabled).toBe(true);
    await rig.client.removeToxic("link", "connect_refuse_downstream");
    await rig.open();
  });

  it("stays in force when the proxy is disabled and enabled again", async () => {
    await using rig = await Rig.start();
    await rig.add("connect_refuse");
    await rig.client.setEnabled("link", false);
    await rig.client.setEnabled("link", true);
    expect(await rig.dial().closed).toBe("ECONNREFUSED");
    await rig.client.reset();
    await rig.open();
  });

  it("is refused with a toxicity below 1", async () => {
    await using rig = await Rig.start();
    await expect(rig.add("connect_refuse", {}, { toxicity: 0.5 })).rejects.toThrow(/connect_reset/);
  });
});
