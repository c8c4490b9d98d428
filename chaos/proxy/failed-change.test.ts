import { describe, expect, it } from "vitest";
import { Rig } from "./test-rig.ts";

async function call(rig: Rig, method: string, path: string, body: object) {
  const response = await fetch(rig.proxy.url + path, { method, body: JSON.stringify(body) });
  return response.status;
}

async function theLink(rig: Rig) {
  const [link] = (await rig.client.links()).values();
  if (link === undefined) throw new Error("expected a link");
  return link;
}

describe("a change that fails changes nothing:", () => {
  it.each(["PATCH", "/populate"])(
    "%s that asks for a taken port leaves toxics, upstream and open connections as they are",
    async (way) => {
      await using rig = await Rig.start();
      const { client, server } = await rig.open();
      await rig.add("latency", { latency: 1 });
      const before = await theLink(rig);
      const taken = new URL(rig.proxy.url).host;
      const input = { name: before.name, listen: taken, upstream: "127.0.0.1:9", enabled: true };
      const status =
        way === "PATCH"
          ? await call(rig, "PATCH", `/proxies/${before.name}`, input)
          : await call(rig, "POST", "/populate", [input]);
      expect(status).toBe(500);
      expect(await theLink(rig)).toEqual(before);
      client.socket.write("still here");
      expect((await server.receive(10)).toString()).toBe("still here");
      await rig.open();
    },
  );

  it.each(["127.0.0.1:0", "other interface"])(
    "/populate of several links, the last of which cannot be made, changes none (%s)",
    async (where) => {
      await using rig = await Rig.start();
      const { client, server } = await rig.open();
      await rig.add("latency", { latency: 1 });
      const before = await rig.client.links();
      const { name, listen: own } = await theLink(rig);
      const listen = where === "other interface" ? `0.0.0.0:${own.split(":").at(-1)}` : "127.0.0.2:0";
      const upstream = "127.0.0.1:9";
      const taken = new URL(rig.proxy.url).host;
      const status = await call(rig, "POST", "/populate", [
        { name, listen, upstream },
        { name: "new", listen: "127.0.0.1:0", upstream },
        { name: "not possible", listen: taken, upstream },
      ]);
      expect(status).toBe(500);
      expect(await rig.client.links()).toEqual(before);
      client.socket.write("still here");
      expect((await server.receive(10)).toString()).toBe("still here");
      await rig.open();
    },
  );

  it("/populate that succeeds moves a link to another interface of its port", async () => {
    await using rig = await Rig.start();
    const { client } = await rig.open();
    const { name, upstream, listen } = await theLink(rig);
    const port = listen.split(":").at(-1);
    const toxics = [{ type: "latency", attributes: { latency: 1 } }];
    const input = { name, upstream, listen: `0.0.0.0:${port}`, toxics };
    expect(await call(rig, "POST", "/populate", [input])).toBe(201);
    expect(await theLink(rig)).toMatchObject({ listen: `[::]:${port}`, enabled: true, toxics });
    await client.ended;
    await rig.open();
  });

  it("a toxic with a header that cannot be sent is refused when it is set", async () => {
    await using rig = await Rig.start();
    const { name } = await theLink(rig);
    for (const headers of [{ "bad name": "x" }, { good: "line\nbreak" }, { good: "\u0000" }]) {
      const toxic = { type: "http_answer", attributes: { headers } };
      expect(await call(rig, "POST", `/proxies/${name}/toxics`, toxic)).toBe(400);
    }
    expect((await theLink(rig)).toxics).toEqual([]);
  });
});
