import { describe, expect, it } from "vitest";
import { Rig, until } from "../test-rig.ts";

describe("timeout", () => {
  it("passes nothing, and delivers what it held when it is removed", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.add("timeout");
    server.socket.end("held");
    client.socket.write("up");
    await server.receive(2);
    expect(client.received.length).toBe(0);
    await rig.client.removeToxic("link", "timeout_downstream");
    expect((await client.receive(4)).toString()).toBe("held");
    await client.ended;
    expect(await rig.bites("timeout_downstream")).toEqual({ connections: 1, bytes: 4 });
  });

  it("closes the connection normally after the timeout, on both sides, idle or busy", async () => {
    await using rig = await Rig.start();
    const idle = await rig.open();
    const startedAtMs = performance.now();
    await rig.add("timeout", { timeout: 80 });
    const busy = await rig.open();
    busy.server.socket.write("lost");
    await Promise.all([idle.client.ended, idle.server.ended, busy.client.ended, busy.server.ended]);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(80);
    expect(busy.client.received.length).toBe(0);
    expect(await rig.bites("timeout_downstream")).toEqual({ connections: 2, bytes: 4 });
  });

  it("makes the sender wait instead of holding without limit", async () => {
    await using rig = await Rig.start();
    await rig.add("timeout", {}, { stream: "upstream" });
    const { client, server } = await rig.open();
    const sent = Buffer.alloc(32 * 1024 * 1024, "abcdefg");
    client.socket.write(sent);
    let heldBytes = 0;
    await until(async () => {
      const before = heldBytes;
      ({ bytes: heldBytes } = await rig.bites("timeout_upstream"));
      return heldBytes > 0 && heldBytes === before;
    });
    expect(heldBytes).toBeLessThan(1024 * 1024);
    await rig.client.removeToxic("link", "timeout_upstream");
    expect((await server.receive(sent.length)).equals(sent)).toBe(true);
  });
});
