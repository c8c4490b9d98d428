import { Toxiproxy } from "toxiproxy-node-client";
import { describe, expect, it } from "vitest";
import { startFaultProxy } from "./fault-proxy.ts";
import { Origin } from "./test-rig.ts";

describe("toxiproxy-node-client, unmodified", () => {
  it("controls the proxy with each of its calls", async () => {
    await using origin = await Origin.start();
    await using proxy = await startFaultProxy({ port: 0, seed: 1 });
    const toxiproxy = new Toxiproxy(proxy.url);
    const created = await toxiproxy.createProxy({
      name: "redis",
      listen: "localhost:0",
      upstream: origin.address,
    });
    expect(created.listen).toMatch(/^127\.0\.0\.1:\d+$/);
    const toxic = await created.addToxic({
      name: "slow",
      type: "latency",
      stream: "upstream",
      toxicity: 1,
      attributes: { latency: 10, jitter: 1 },
    });
    const updated = await toxic.update({ ...toxic.toJson(), attributes: { latency: 20, jitter: 2 } });
    expect(updated.attributes).toEqual({ latency: 20, jitter: 2 });
    expect((await created.getToxic("slow")).attributes).toEqual({ latency: 20, jitter: 2 });
    await updated.remove();
    const { listen } = created;
    const changed = await created.update({ enabled: false, listen, upstream: origin.address });
    expect(changed.enabled).toBe(false);
    await toxiproxy.reset();
    expect((await toxiproxy.get("redis")).enabled).toBe(true);
    const populated = await toxiproxy.populate([{ name: "redis", listen, upstream: origin.address }]);
    expect(populated.redis?.listen).toBe(listen);
    expect(Object.keys(await toxiproxy.getAll())).toEqual(["redis"]);
    expect(await toxiproxy.getVersion()).toContain("2.12.0");
    await created.remove();
    expect(await toxiproxy.getAll()).toEqual({});
  });
});
