import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { Rig, until } from "./test-rig.ts";

const sha = (data: Buffer) => createHash("sha256").update(data).digest("hex");

/** One read, and small ones that were sent before it. */
const MOST_STORED_BYTES = (128 + 16) * 1024;

async function metric(
  rig: Rig,
  way: "received" | "sent",
  direction: "upstream" | "downstream",
): Promise<number> {
  const text = await (await fetch(`${rig.proxy.url}/metrics`)).text();
  const line = text
    .split("\n")
    .find((one) => one.startsWith(`toxiproxy_proxy_${way}_bytes_total{direction="${direction}"`));
  return Number(line?.split(" ").at(-1));
}

describe("an untouched link", () => {
  it("carries every byte both ways, in order", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    const [up, down] = [randomBytes(3_000_000), randomBytes(3_000_000)];
    client.socket.end(up);
    server.socket.end(down);
    expect(sha(await server.receive(up.length))).toBe(sha(up));
    expect(sha(await client.receive(down.length))).toBe(sha(down));
    expect(await client.closed).toBe("clean");
    expect(await server.closed).toBe("clean");
  });

  it("passes a half-close on, and the reply that comes after it", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    client.socket.end("question");
    await server.ended;
    server.socket.end("answer");
    await client.ended;
    expect(client.received.toString()).toBe("answer");
    expect(server.received.toString()).toBe("question");
  });

  it("passes a reset on as a reset, in either direction", async () => {
    await using rig = await Rig.start();
    const first = await rig.open();
    first.client.socket.resetAndDestroy();
    expect(await first.server.closed).toBe("ECONNRESET");
    const second = await rig.open();
    second.server.socket.resetAndDestroy();
    expect(await second.client.closed).toBe("ECONNRESET");
  });

  it("resets a client whose server cannot be reached", async () => {
    await using rig = await Rig.start();
    const { address } = rig.origin;
    await rig.origin[Symbol.asyncDispose]();
    expect(await rig.dial().closed).toBe("ECONNRESET");
    expect((await rig.client.link("link")).upstream).toBe(address);
  });

  it("counts bytes while the connection is open", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    client.socket.write("12345");
    await server.receive(5);
    server.socket.write("123");
    await client.receive(3);
    expect(await metric(rig, "received", "upstream")).toBe(5);
    expect(await metric(rig, "sent", "upstream")).toBe(5);
    expect(await metric(rig, "sent", "downstream")).toBe(3);
  });

  it.each(["upstream", "downstream"] as const)(
    "makes a fast sender wait for a slow reader instead of storing what it sends, %s",
    async (direction) => {
      await using rig = await Rig.start();
      const { client, server } = await rig.open();
      const [from, to] = direction === "upstream" ? [client, server] : [server, client];
      to.socket.pause();
      const offered = 64 * 1024 * 1024;
      from.socket.write(Buffer.alloc(offered));
      let before = -1;
      await until(async () => {
        const now = await metric(rig, "received", direction);
        const settled = now > 0 && now === before;
        before = now;
        return settled;
      });
      const stored = before - (await metric(rig, "sent", direction));
      expect(stored).toBeLessThanOrEqual(MOST_STORED_BYTES);
      expect(before).toBeLessThan(offered);
      to.socket.resume();
      await to.receive(offered);
    },
  );

  it("closes open connections and refuses new ones when disabled, and reopens the same port", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    await rig.client.setEnabled("link", false);
    await Promise.all([client.ended, server.ended]);
    expect(await rig.dial().closed).toBe("ECONNREFUSED");
    expect(await rig.bites(null)).toEqual({ connections: 1, bytes: 0 });
    expect((await rig.client.setEnabled("link", true)).listen).toBe(rig.listen);
    const again = await rig.open();
    again.client.socket.write("back");
    expect((await again.server.receive(4)).toString()).toBe("back");
  });

  it("ends connections with a FIN on both sides when its upstream changes while they are being made", async () => {
    await using rig = await Rig.start();
    const { address } = rig.origin;
    for (let round = 0; round < 20; round++) {
      const client = rig.dial();
      await once(client.socket, "connect");
      await rig.client.setUpstream(
        "link",
        round % 2 === 1 ? address : address.replace("127.0.0.1", "localhost"),
      );
      client.socket.end();
      expect(await client.closed).toBe("clean");
    }
    for (const { socket } of rig.origin.peers) socket.end();
    expect(await Promise.all(rig.origin.peers.map(({ closed }) => closed))).not.toContain("ECONNRESET");
  });

  it("connects to another server, on the same port, when the upstream changes", async () => {
    await using rig = await Rig.start();
    await using other = await Rig.start();
    const { client } = await rig.open();
    const changed = await rig.client.setUpstream("link", other.origin.address);
    expect(changed.listen).toBe(rig.listen);
    await client.ended;
    const reached = other.origin.next();
    rig.dial().socket.write("hello");
    expect((await (await reached).receive(5)).toString()).toBe("hello");
  });
});
