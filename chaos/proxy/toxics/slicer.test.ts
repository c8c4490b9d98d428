import { describe, expect, it } from "vitest";
import { Rig } from "../test-rig.ts";

describe("slicer", () => {
  it("cuts data into slices of the average size ± the variation, each sent on its own", async () => {
    await using rig = await Rig.start();
    await rig.add("slicer", { average_size: 100, size_variation: 20, delay: 4_000 });
    const { client, server } = await rig.open();
    const sent = Buffer.from(Array.from({ length: 2_000 }, (_, index) => index % 251));
    server.socket.write(sent);
    expect((await client.receive(sent.length)).equals(sent)).toBe(true);
    // A reader that is late finds two slices at once: those are then read as one.
    const single = client.reads.slice(0, -1).filter(({ data }) => data.length <= 120);
    expect(single.length).toBeGreaterThan(client.reads.length / 2);
    expect(single.every(({ data }) => data.length >= 80)).toBe(true);
    expect(await rig.bites("slicer_downstream")).toEqual({ connections: 1, bytes: sent.length });
  });

  it("waits the delay between slices", async () => {
    await using rig = await Rig.start();
    await rig.add("slicer", { average_size: 10, delay: 10_000 });
    const { client, server } = await rig.open();
    const startedAtMs = performance.now();
    server.socket.write(Buffer.alloc(100));
    await client.receive(100);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(90);
  });

  it("does not slice with an average size of 0, on which the real server overflows its stack", async () => {
    await using rig = await Rig.start();
    await rig.add("slicer");
    const { client, server } = await rig.open();
    server.socket.write("whole");
    expect((await client.receive(5)).toString()).toBe("whole");
    expect(await rig.bites("slicer_downstream")).toEqual({ connections: 0, bytes: 0 });
  });
});
