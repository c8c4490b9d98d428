import { describe, expect, it, vi } from "vitest";
import { seededRandom, systemClock } from "../../../core/index.ts";
import type { FlowItem } from "../flow-item.ts";
import { ENDLESS_TURN, Rig } from "../test-rig.ts";
import { slicer } from "./slicer.ts";

describe("slicer", () => {
  it("cuts data into slices of the average size ± the variation, by a clock that the test controls", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const random = seededRandom(1);
      const sizes: number[] = [];
      const host = {
        clock: { ...systemClock, monotonicMs: () => performance.now() },
        loop: ENDLESS_TURN,
        outlive: () => undefined,
        joined: "from-start" as const,
        emit: (item: FlowItem) => sizes.push(item.length),
        bite: () => undefined,
        biteMessage: () => undefined,
        roll: () => random.next(),
        nextMatch: () => 1,
        giveUp: () => undefined,
      };
      const stage = slicer.start(host, { average_size: 100, size_variation: 20, delay: 4_000 });
      stage.push(Buffer.alloc(20_000));
      vi.advanceTimersByTime(10_000);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20_000);
      const whole = sizes.slice(0, -1);
      expect(Math.min(...whole)).toBeGreaterThanOrEqual(80);
      expect(Math.max(...whole)).toBeLessThanOrEqual(120);
      expect(new Set(whole).size).toBeGreaterThan(20);
    } finally {
      vi.useRealTimers();
    }
  });

  it("sends each slice separately, and carries every byte", async () => {
    await using rig = await Rig.start();
    await rig.add("slicer", { average_size: 100, size_variation: 20, delay: 4_000 });
    const { client, server } = await rig.open();
    const sent = Buffer.from(Array.from({ length: 2_000 }, (_, index) => index % 251));
    server.socket.write(sent);
    expect((await client.receive(sent.length)).equals(sent)).toBe(true);
    // A late reader receives several slices in one read.
    expect(client.reads.length).toBeGreaterThan(1);
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
