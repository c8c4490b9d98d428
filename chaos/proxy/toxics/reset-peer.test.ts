import { describe, expect, it } from "vitest";
import { Rig } from "../test-rig.ts";

describe("reset_peer", () => {
  it("resets an open and idle connection at once, on both sides", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.add("reset_peer");
    expect(await Promise.all([client.closed, server.closed])).toEqual(["ECONNRESET", "ECONNRESET"]);
    expect(await rig.bites("reset_peer_downstream")).toEqual({ connections: 1, bytes: 0 });
  });

  it("resets a new connection, after its timeout and with nothing delivered", async () => {
    await using rig = await Rig.start();
    await rig.add("reset_peer", { timeout: 60 }, { stream: "upstream" });
    const { client, server } = await rig.open();
    const startedAtMs = performance.now();
    client.socket.write("never arrives");
    expect(await Promise.all([client.closed, server.closed])).toEqual(["ECONNRESET", "ECONNRESET"]);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(55);
    expect(server.received.length).toBe(0);
  });

  it("affects nothing with a toxicity of 0: a normal close stays normal", async () => {
    await using rig = await Rig.start();
    await rig.add("reset_peer", {}, { toxicity: 0 });
    for (let count = 0; count < 20; count++) {
      const { client, server } = await rig.open();
      client.socket.end("bye");
      await server.ended;
      server.socket.end();
      expect(await Promise.all([client.closed, server.closed])).toEqual(["clean", "clean"]);
    }
    expect(await rig.bites("reset_peer_downstream")).toEqual({ connections: 0, bytes: 0 });
  });
});
