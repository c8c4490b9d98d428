import { describe, expect, it } from "vitest";
import { Rig } from "../test-rig.ts";

describe("slow_close", () => {
  it("passes data at once and delays the FIN", async () => {
    await using rig = await Rig.start();
    await rig.add("slow_close", { delay: 120 });
    const { client, server } = await rig.open();
    let ended = false;
    const end = client.ended.then(() => {
      ended = true;
    });
    const startedAtMs = performance.now();
    server.socket.end("data");
    await client.receive(4);
    expect(ended).toBe(false);
    await end;
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(120);
    expect(await rig.bites("slow_close_downstream")).toEqual({ connections: 1, bytes: 0 });
  });

  it("closes at once when it is removed meanwhile", async () => {
    await using rig = await Rig.start();
    await rig.add("slow_close", { delay: 3_600_000 });
    const { client, server } = await rig.open();
    server.socket.end("data");
    await client.receive(4);
    await rig.client.removeToxic("link", "slow_close_downstream");
    await client.ended;
  });
});
