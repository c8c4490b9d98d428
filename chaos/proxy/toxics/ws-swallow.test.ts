import { Agent, request } from "node:http";
import { describe, expect, it } from "vitest";
import { WebSocketRig } from "../protocols/ws/test-web-socket.ts";
import { until } from "../test-rig.ts";

describe("ws_swallow", () => {
  it("drops data on an open feed while pings and pongs pass, until it is removed", async () => {
    await using rig = await WebSocketRig.start();
    const { client, server } = await rig.open();
    server.socket.send('{"depth":1}');
    await client.received(1);
    const toxic = await rig.add("ws_swallow");
    server.socket.send('{"depth":2}');
    server.sendFragments('{"depth"', ":3", "}");
    server.socket.ping("alive?");
    await until(() => server.pongs.includes("alive?"));
    client.socket.ping("there?");
    await until(() => client.pongs.includes("there?"));
    expect(client.messages).toEqual(['{"depth":1}']);
    expect(await rig.bites(toxic)).toEqual({ messages: 2, gaveUp: 0 });
    await rig.client.removeToxic("link", toxic);
    server.socket.send('{"depth":4}');
    expect(await client.received(2)).toEqual(['{"depth":1}', '{"depth":4}']);
  });

  it("drops masked messages to the server, fragmented ones with a ping in between", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_swallow", {}, "upstream");
    const { client, server } = await rig.open();
    client.socket.send("first ", { fin: false });
    client.socket.ping("between");
    client.socket.send("half", { fin: true });
    await until(() => client.pongs.includes("between"));
    await until(async () => (await rig.bites(toxic)).messages === 1);
    server.socket.send("the other way");
    expect(await client.received(1)).toEqual(["the other way"]);
    expect(server.messages).toEqual([]);
  });

  it("drops only the messages that match its pattern: one stream of several becomes silent", async () => {
    await using rig = await WebSocketRig.start();
    await rig.add("ws_swallow", { pattern: '"stream":"btc' });
    const { client, server } = await rig.open();
    for (const stream of ["btctry@depth", "ethtry@depth", "btcusdt@depth"]) {
      server.socket.send(JSON.stringify({ stream }));
    }
    server.socket.send("end");
    expect(await client.received(2)).toEqual(['{"stream":"ethtry@depth"}', "end"]);
  });

  it("compares compressed messages with its pattern, though they refer to one another", async () => {
    await using rig = await WebSocketRig.start({ perMessageDeflate: { threshold: 0 } });
    const toxic = await rig.add("ws_delay", { pattern: '"id":(7|13),', delay: 1 });
    const { client, server } = await rig.open({ perMessageDeflate: true });
    expect(client.socket.extensions).toContain("permessage-deflate");
    const texts = Array.from({ length: 20 }, (_, id) =>
      JSON.stringify({ id, price: "1.50", symbol: "BTCTRY" }),
    );
    for (const text of texts) server.socket.send(text);
    expect(await client.received(20)).toEqual(texts);
    expect(await rig.bites(toxic)).toEqual({ messages: 2, gaveUp: 0 });
  });

  it("drops compressed messages that do not refer to others, and those that match", async () => {
    await using rig = await WebSocketRig.start({
      perMessageDeflate: { threshold: 0, serverNoContextTakeover: true },
    });
    await rig.add("ws_swallow", { pattern: '"id":[1-8],' });
    const { client, server } = await rig.open({ perMessageDeflate: true });
    for (let id = 0; id < 10; id++) server.socket.send(JSON.stringify({ id, symbol: "BTCTRY" }));
    expect(await client.received(2)).toEqual(['{"id":0,"symbol":"BTCTRY"}', '{"id":9,"symbol":"BTCTRY"}']);
  });

  it("reports when it joined too late to read compressed messages", async () => {
    await using rig = await WebSocketRig.start({ perMessageDeflate: { threshold: 0 } });
    const { client, server } = await rig.open({ perMessageDeflate: true });
    const send = () => server.socket.send(JSON.stringify({ text: "the same words each time" }));
    send();
    await client.received(1);
    const toxic = await rig.add("ws_swallow", { pattern: "same" });
    for (let count = 2; count <= 8; count++) {
      send();
      await client.received(count);
    }
    expect(await rig.bites(toxic)).toEqual({ messages: 0, gaveUp: 1 });
  });

  it("acts on a WebSocket on a connection that served plain requests before", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_drop", { nth: 2, per: "connection" });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const listen = (await rig.client.links()).get("link")?.listen ?? "";
    const plain = await new Promise<number | undefined>((resolve, reject) => {
      request(`http://${listen}/`, { agent }, (response) => {
        response.resume().once("end", () => resolve(response.statusCode));
      })
        .once("error", reject)
        .end();
    });
    expect(plain).toBe(426);
    const { client, server } = await rig.open({ agent });
    for (const text of ["one", "two", "three"]) server.socket.send(text);
    expect(await client.received(2)).toEqual(["one", "three"]);
    expect((await rig.bites(toxic)).messages).toBe(1);
    agent.destroy();
  });

  it("passes traffic that is not a WebSocket, and reports it", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_swallow");
    const { status } = await fetch(`http://${(await rig.client.links()).get("link")?.listen}/`);
    expect(status).toBe(426);
    expect(await rig.bites(toxic)).toEqual({ messages: 0, gaveUp: 1 });
  });
});
