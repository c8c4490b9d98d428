import { describe, expect, it } from "vitest";
import { Rig } from "../test-rig.ts";

describe("limit_data", () => {
  it("passes exactly its bytes and then closes the connection, with a FIN on both sides", async () => {
    await using rig = await Rig.start();
    await rig.add("limit_data", { bytes: 1_000 });
    const { client, server } = await rig.open();
    server.socket.write(Buffer.alloc(600, "a"));
    await client.receive(600);
    server.socket.write(Buffer.alloc(600, "b"));
    await Promise.all([client.ended, server.ended]);
    expect(client.received.length).toBe(1_000);
    expect(await rig.bites("limit_data_downstream")).toEqual({ connections: 1, bytes: 200 });
  });

  it("closes right after the last byte that it passes", async () => {
    await using rig = await Rig.start();
    await rig.add("limit_data", { bytes: 5 });
    const { client, server } = await rig.open();
    server.socket.write("12345");
    await client.ended;
    expect(client.received.toString()).toBe("12345");
  });

  it("continues counting when the limit is changed on an open connection", async () => {
    await using rig = await Rig.start();
    await rig.add("limit_data", { bytes: 100 });
    const { client, server } = await rig.open();
    server.socket.write(Buffer.alloc(60));
    await client.receive(60);
    await rig.client.updateToxic("link", "limit_data_downstream", { attributes: { bytes: 70 } });
    server.socket.write(Buffer.alloc(60));
    await client.ended;
    expect(client.received.length).toBe(70);
  });
});
