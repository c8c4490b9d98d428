import { describe, expect, it, vi } from "vitest";
import { systemClock } from "../../../core/index.ts";
import { type FlowItem, isEnding } from "../flow-item.ts";
import { ENDLESS_TURN, Rig } from "../test-rig.ts";
import { bandwidth } from "./bandwidth.ts";

describe("bandwidth", () => {
  it("never carries more than its rate", async () => {
    await using rig = await Rig.start();
    await rig.add("bandwidth", { rate: 500 });
    const { client, server } = await rig.open();
    const startedAtMs = performance.now();
    server.socket.write(Buffer.alloc(150_000));
    await client.receive(150_000);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(299);
  });

  it("carries its rate exactly, by a clock that the test controls", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      let passedBytes = 0;
      const host = {
        clock: { ...systemClock, monotonicMs: () => performance.now() },
        loop: ENDLESS_TURN,
        outlive: () => undefined,
        emit: (item: FlowItem) => {
          passedBytes += isEnding(item) ? 0 : item.length;
        },
        joined: "from-start" as const,
        bite: () => undefined,
        biteMessage: () => undefined,
        roll: () => 0,
        nextMatch: () => 1,
        giveUp: () => undefined,
      };
      const stage = bandwidth.start(host, { rate: 700 });
      stage.push(Buffer.alloc(5_000_000));
      for (const seconds of [1, 2, 3]) {
        vi.advanceTimersByTime(1_000);
        expect(Math.abs(passedBytes / (seconds * 700_000) - 1)).toBeLessThan(0.05);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it("passes nothing at a rate of 0, and continues when the rate is raised", async () => {
    await using rig = await Rig.start();
    await rig.add("bandwidth", { rate: 0 });
    const { client, server } = await rig.open();
    const sent = Buffer.alloc(200_000, "0123456789");
    server.socket.write(sent);
    client.socket.write("x");
    await server.receive(1);
    expect(client.received.length).toBe(0);
    await rig.client.updateToxic("link", "bandwidth_downstream", { attributes: { rate: 100_000 } });
    expect((await client.receive(sent.length)).equals(sent)).toBe(true);
  });

  it("refuses a negative rate, which makes the real server crash", async () => {
    await using rig = await Rig.start();
    await expect(rig.add("bandwidth", { rate: -5 })).rejects.toThrow(/"rate": expected a whole number/);
  });
});
