import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Rig, until } from "./test-rig.ts";

const sha = (data: Buffer) => createHash("sha256").update(data).digest("hex");

describe("toxics changed on open connections", () => {
  it("lose, double and reorder nothing while they are added, changed and removed under load", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    const sent = randomBytes(8_000_000);
    server.socket.end(sent);
    for (let round = 0; round < 4; round++) {
      await rig.add("latency", { latency: 5, jitter: 5 });
      await rig.add("slicer", { average_size: 3_000, size_variation: 1_000 });
      await rig.add("bandwidth", { rate: 20_000 });
      await rig.client.updateToxic("link", "latency_downstream", { attributes: { latency: 15 } });
      await rig.client.removeToxic("link", "slicer_downstream");
      await rig.add("timeout");
      await rig.add("ws_drop");
      await rig.client.updateToxic("link", "bandwidth_downstream", { attributes: { rate: 50_000 } });
      await rig.client.removeToxic("link", "timeout_downstream");
      await rig.client.removeToxic("link", "latency_downstream");
      await rig.client.removeToxic("link", "ws_drop_downstream");
      await rig.client.removeToxic("link", "bandwidth_downstream");
    }
    expect(sha(await client.receive(sent.length))).toBe(sha(sent));
    await client.ended;
  });

  it("release what they hold into the toxics behind them", async () => {
    await using rig = await Rig.start();
    await rig.add("timeout");
    await rig.add("limit_data", { bytes: 3 });
    const { client, server } = await rig.open();
    server.socket.write("12345");
    client.socket.write("x");
    await server.receive(1);
    await rig.client.removeToxic("link", "timeout_downstream");
    await client.ended;
    expect(client.received.toString()).toBe("123");
  });

  it("apply a changed delay to bytes that are already waiting", async () => {
    await using rig = await Rig.start();
    await rig.add("latency", { latency: 3_600_000 });
    const { client, server } = await rig.open();
    server.socket.write("waiting");
    client.socket.write("x");
    await server.receive(1);
    await rig.client.updateToxic("link", "latency_downstream", { attributes: { latency: 1 } });
    expect((await client.receive(7)).toString()).toBe("waiting");
  });

  it("draw each connection once: adding another toxic changes no draw", async () => {
    await using rig = await Rig.start({ seed: 5 });
    const pairs = await Promise.all(Array.from({ length: 40 }, () => rig.open()));
    await rig.add("timeout", {}, { toxicity: 0.5 });
    for (const { server } of pairs) server.socket.write("x");
    let connections = 0;
    await until(async () => {
      ({ connections } = await rig.bites("timeout_downstream"));
      return connections + pairs.filter(({ client }) => client.received.length > 0).length === pairs.length;
    });
    expect(connections).toBeGreaterThan(8);
    expect(connections).toBeLessThan(32);
    await rig.add("latency", { latency: 1 });
    await rig.client.removeToxic("link", "latency_downstream");
    for (const { client, server } of pairs) {
      server.socket.write("y");
      client.socket.write("z");
      await server.receive(1);
    }
    expect((await rig.bites("timeout_downstream")).connections).toBe(connections);
  });

  it("affect more connections, including the former ones, when the toxicity is raised", async () => {
    await using rig = await Rig.start();
    await rig.add("timeout", {}, { toxicity: 0 });
    const { client, server } = await rig.open();
    server.socket.write("passes");
    await client.receive(6);
    await rig.client.updateToxic("link", "timeout_downstream", { toxicity: 1 });
    server.socket.write("held");
    client.socket.write("x");
    await server.receive(1);
    expect(client.received.toString()).toBe("passes");
    await rig.client.updateToxic("link", "timeout_downstream", { toxicity: 0 });
    expect((await client.receive(10)).toString()).toBe("passesheld");
  });

  it("affect the same connections for the same seed, and others for another", async () => {
    const taken = async (seed: number): Promise<string> => {
      await using rig = await Rig.start({ seed });
      await rig.add("limit_data", { bytes: 0 }, { stream: "upstream", toxicity: 0.5 });
      let drawn = "";
      for (let count = 0; count < 24; count++) {
        const { client, server } = await rig.open();
        client.socket.end("x");
        await server.ended;
        drawn += server.received.length;
      }
      return drawn;
    };
    const first = await taken(11);
    expect(first).toMatch(/0.*1|1.*0/);
    expect(await taken(11)).toBe(first);
    expect(await taken(12)).not.toBe(first);
  });
});
