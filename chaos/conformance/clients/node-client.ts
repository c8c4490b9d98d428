import assert from "node:assert/strict";
import { type ICreateToxicBody, Toxiproxy } from "toxiproxy-node-client";
import type { Latency } from "toxiproxy-node-client/dist/Toxic.js";
import type { StartedEngine } from "../engines/engine.ts";

const UPSTREAM = "127.0.0.1:9";

/**
 * Makes each call of toxiproxy-node-client 4.1.0, unmodified.
 *
 * @throws AssertionError when a call has no effect.
 */
export async function driveByNodeClient(engine: StartedEngine): Promise<void> {
  const toxiproxy = new Toxiproxy(engine.url);
  const created = await toxiproxy.createProxy({ name: "redis", listen: "localhost:0", upstream: UPSTREAM });
  assert.match(created.listen, /^127\.0\.0\.1:\d+$/);
  await driveToxic(created);
  const { listen } = created;
  const disabled = await created.update({ enabled: false, listen, upstream: UPSTREAM });
  assert.equal(disabled.enabled, false);
  await toxiproxy.reset();
  assert.equal((await toxiproxy.get("redis")).enabled, true);
  const populated = await toxiproxy.populate([{ name: "redis", listen, upstream: UPSTREAM }]);
  assert.equal(populated.redis?.listen, listen);
  assert.deepEqual(Object.keys(await toxiproxy.getAll()), ["redis"]);
  assert.match(await toxiproxy.getVersion(), /git|2\.12\.0/);
  await created.remove();
  assert.deepEqual(await toxiproxy.getAll(), {});
  await assert.rejects(toxiproxy.get("redis"), /404/);
}

async function driveToxic(proxy: Awaited<ReturnType<Toxiproxy["createProxy"]>>): Promise<void> {
  const requested: ICreateToxicBody<Latency> = {
    name: "slow",
    type: "latency",
    stream: "upstream",
    toxicity: 0.5,
    attributes: { latency: 10, jitter: 1 },
  };
  const toxic = await proxy.addToxic(requested);
  assert.deepEqual(toxic.toJson(), requested);
  const updated = await toxic.update({ ...requested, toxicity: 1, attributes: { latency: 20, jitter: 2 } });
  assert.deepEqual(updated.attributes, { latency: 20, jitter: 2 });
  assert.equal((await proxy.getToxic<Latency>("slow")).toxicity, 1);
  await updated.remove();
  await assert.rejects(proxy.getToxic("slow"), /404/);
}
