import { describe, expect, it } from "vitest";
import { Rig, until } from "../test-rig.ts";

/** The latencies of `count` single bytes from the server to the client, one after the other. */
async function delaysMs(rig: Rig, count: number): Promise<number[]> {
  const { client, server } = await rig.open();
  const delays: number[] = [];
  for (let index = 1; index <= count; index++) {
    const sentAtMs = performance.now();
    server.socket.write("x");
    await client.receive(index);
    delays.push(performance.now() - sentAtMs);
  }
  return delays;
}

describe("latency", () => {
  it("delays every chunk by the latency, never by less", async () => {
    await using rig = await Rig.start();
    await rig.add("latency", { latency: 60 });
    const delays = await delaysMs(rig, 5);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(60);
  });

  it("spreads the delay evenly over latency ± jitter, the same for the same seed", async () => {
    const drawn = async () => {
      await using rig = await Rig.start({ seed: 7 });
      await rig.add("latency", { latency: 30, jitter: 30 });
      return await delaysMs(rig, 30);
    };
    const [first, second] = await Promise.all([drawn(), drawn()]);
    expect(Math.min(...first)).toBeLessThan(20);
    expect(Math.max(...first)).toBeGreaterThan(45);
    // The machine's delays come on top of the drawn ones: of each two, the shorter is closer to the draw.
    const apart = first
      .map((delay, index) => Math.abs(delay - (second[index] ?? 0)))
      .toSorted((a, b) => a - b);
    expect(apart[15]).toBeLessThan(10);
  });

  it("adds latency without reducing throughput: chunks are in flight together", async () => {
    await using rig = await Rig.start();
    await rig.add("latency", { latency: 100 });
    const { client, server } = await rig.open();
    const startedAtMs = performance.now();
    for (let count = 0; count < 10; count++) {
      server.socket.write("x");
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.receive(10);
    expect(performance.now() - startedAtMs).toBeLessThan(10 * 100);
  });

  it("delays only its own direction", async () => {
    await using rig = await Rig.start();
    await rig.add("latency", { latency: 60_000 }, { stream: "downstream" });
    const { client, server } = await rig.open();
    client.socket.write("up");
    expect((await server.receive(2)).toString()).toBe("up");
    expect(await rig.bites("latency_downstream")).toEqual({ connections: 0, bytes: 0 });
  });

  it("makes the sender wait when too much is in flight, and loses nothing", async () => {
    await using rig = await Rig.start();
    await rig.add("latency", { latency: 3_600_000 });
    const { client, server } = await rig.open();
    const sent = Buffer.alloc(96 * 1024 * 1024, "abc");
    server.socket.end(sent);
    let heldBytes = 0;
    await until(async () => {
      const before = heldBytes;
      ({ bytes: heldBytes } = await rig.bites("latency_downstream"));
      return heldBytes > 0 && heldBytes === before;
    });
    // A delay does not limit the rate: as much is in flight as a fast line sends in that
    // time, up to the stated limit.
    expect(heldBytes).toBeGreaterThan(60 * 1024 * 1024);
    expect(heldBytes).toBeLessThan(65 * 1024 * 1024);
    const bite = (await rig.client.bites()).find(({ toxic }) => toxic === "latency_downstream");
    expect(bite?.gaveUpWhy).toContain("the delay limits the rate");
    await rig.client.removeToxic("link", "latency_downstream");
    expect((await client.receive(sent.length)).equals(sent)).toBe(true);
    await client.ended;
  });
});
