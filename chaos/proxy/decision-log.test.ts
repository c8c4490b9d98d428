import { describe, expect, it } from "vitest";
import { DecisionLog } from "./decision-log.ts";
import { Rig, until } from "./test-rig.ts";

const CONNECTIONS = 6;

/**
 * The same traffic each time: six connections that each exchange three lines, with toxics that draw randomly.
 */
async function decisionsOf(seed: number): Promise<unknown> {
  await using rig = await Rig.start({ seed });
  return await decisionsIn(rig);
}

async function decisionsIn(rig: Rig): Promise<unknown> {
  await rig.client.addToxic("link", {
    type: "latency",
    stream: "downstream",
    toxicity: 0.5,
    attributes: { latency: 2, jitter: 2 },
  });
  await rig.add("slicer", { average_size: 4, size_variation: 2 }, { stream: "upstream" });
  // One after the other, so that the connections have the same numbers in each run.
  const pairs = [];
  for (let count = 0; count < CONNECTIONS; count++) pairs.push(await rig.open());
  await Promise.all(
    pairs.map(async ({ client, server }) => {
      for (let line = 1; line <= 3; line++) {
        client.socket.write("a question");
        await server.receive(10 * line);
        server.socket.write("an answer");
        await client.receive(9 * line);
      }
    }),
  );
  const response = await fetch(`${rig.proxy.url}/kanit/decisions`);
  return response.json();
}

describe("the decision log", () => {
  it("is equal for two runs with the same seed and the same traffic", async () => {
    const first = await decisionsOf(11);
    expect(first).toMatchObject({ forgotten: 0 });
    expect((first as { decisions: unknown[] }).decisions.length).toBeGreaterThan(6 + 9);
    expect(await decisionsOf(11)).toEqual(first);
  });

  it("differs for another seed", async () => {
    expect(await decisionsOf(12)).not.toEqual(await decisionsOf(11));
  });

  it("is equal after a restart with the same seed, whatever was decided before", async () => {
    await using quiet = await Rig.start({ seed: 3 });
    for (let count = 0; count < CONNECTIONS; count++) await quiet.open();
    await using busy = await Rig.start({ seed: 4 });
    const before = await decisionsIn(busy);
    await Promise.all([quiet.client.restart(11), busy.client.restart(11)]);
    const after = await decisionsIn(busy);
    expect(after).toEqual(await decisionsIn(quiet));
    expect(after).not.toEqual(before);
  });

  it("gives connections that are open at a restart the first numbers", async () => {
    await using rig = await Rig.start();
    await rig.open();
    const { server } = await rig.open();
    await rig.client.restart(1);
    await rig.add("latency", { latency: 1, jitter: 1 });
    server.socket.write("x");
    const decisions = async () => {
      const response = await fetch(`${rig.proxy.url}/kanit/decisions`);
      return (await response.json()) as { readonly decisions: readonly unknown[] };
    };
    await until(async () => (await decisions()).decisions.length > 0);
    expect(await decisions()).toMatchObject({ decisions: [{ connection: 2, chunk: 1 }] });
  });

  it("starts again at a reset", async () => {
    await using rig = await Rig.start();
    await rig.add("connect_delay", { delay: 1, jitter: 1 });
    await rig.open();
    const read = async () => (await fetch(`${rig.proxy.url}/kanit/decisions`)).json();
    expect(await read()).toMatchObject({
      decisions: [{ connection: 1, outcome: expect.stringContaining("drew") }],
    });
    await rig.client.reset();
    expect(await read()).toEqual({ forgotten: 0, decisions: [] });
  });

  it("keeps the newest and counts those that it dropped", () => {
    const log = new DecisionLog();
    for (let chunk = 1; chunk <= 120_000; chunk++) {
      log.add({ proxy: "p", toxic: "t", connection: 1, stream: "downstream", chunk }, "drew 0.5");
    }
    const { forgotten, decisions } = log.toBody();
    expect(forgotten + decisions.length).toBe(120_000);
    expect(decisions.at(-1)).toMatchObject({ chunk: 120_000 });
    expect(decisions.length).toBeLessThanOrEqual(50_000);
  });
});
