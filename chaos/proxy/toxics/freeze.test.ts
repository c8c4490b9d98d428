import { describe, expect, it } from "vitest";
import { Rig, until } from "../test-rig.ts";

describe("freeze", () => {
  it("holds both directions and delivers everything, in order, when it is removed", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.add("freeze");
    client.socket.write("question");
    server.socket.end("answer");
    await until(async () => (await rig.bites("freeze_downstream")).bytes === 14);
    expect(client.reads).toHaveLength(0);
    expect(server.reads).toHaveLength(0);
    await rig.client.removeToxic("link", "freeze_downstream");
    expect((await server.receive(8)).toString()).toBe("question");
    expect((await client.receive(6)).toString()).toBe("answer");
    await client.ended;
  });

  it("makes a sender wait instead of holding without limit", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.add("freeze");
    const sent = Buffer.alloc(32 * 1024 * 1024, "x");
    server.socket.end(sent);
    await until(async () => (await rig.bites("freeze_downstream")).bytes > 0);
    const { bytes } = await rig.bites("freeze_downstream");
    expect(bytes).toBeLessThan(1024 * 1024);
    await rig.client.removeToxic("link", "freeze_downstream");
    expect((await client.receive(sent.length)).length).toBe(sent.length);
  });

  it("has no stream of its own", async () => {
    await using rig = await Rig.start();
    await expect(rig.add("freeze", {}, { stream: "upstream" })).rejects.toThrow(/no stream/);
  });
});

describe("blackhole", () => {
  it("drops one direction with its FIN, and passes the other", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.add("blackhole", {}, { stream: "upstream" });
    client.socket.end("lost");
    server.socket.write("heard");
    expect((await client.receive(5)).toString()).toBe("heard");
    await until(async () => (await rig.bites("blackhole_upstream")).bytes === 4);
    server.socket.write(" on");
    expect((await client.receive(8)).toString()).toBe("heard on");
    expect(server.reads).toHaveLength(0);
    expect(server.socket.readableEnded).toBe(false);
  });
});

describe("cut_after", () => {
  it("passes everything, then closes both sides normally", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    const addedFromMs = performance.now();
    await rig.add("cut_after", { after: 150 });
    server.socket.write("until then");
    expect((await client.receive(10)).toString()).toBe("until then");
    await Promise.all([client.ended, server.ended]);
    expect(performance.now() - addedFromMs).toBeGreaterThanOrEqual(149);
  });

  it("resets both sides when it is configured to", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.add("cut_after", { after: 1, how: "reset" });
    expect(await client.closed).toBe("ECONNRESET");
    expect(await server.closed).toBe("ECONNRESET");
  });

  it("cuts nothing once it is removed", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.add("cut_after", { after: 3_600_000 });
    await rig.client.removeToxic("link", "cut_after_downstream");
    server.socket.end("whole");
    expect((await client.receive(5)).toString()).toBe("whole");
    await client.ended;
  });

  it("names the valid words", async () => {
    await using rig = await Rig.start();
    await expect(rig.add("cut_after", { how: "slowly" })).rejects.toThrow(/expected one of close, reset/);
  });
});
