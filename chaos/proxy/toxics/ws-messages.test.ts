import { isUtf8 } from "node:buffer";
import { describe, expect, it } from "vitest";
import { type WebSocketPeer, WebSocketRig } from "../protocols/ws/test-web-socket.ts";
import { until } from "../test-rig.ts";

const STREAMS = [
  { stream: "downstream", from: "server", to: "client" },
  { stream: "upstream", from: "client", to: "server" },
] as const;

function sendNumbers({ socket }: WebSocketPeer, from: number, to: number): void {
  for (let number = from; number <= to; number++) socket.send(`message ${number}`);
}

const named = (...numbers: readonly number[]) => numbers.map((number) => `message ${number}`);

describe.each(STREAMS)("WebSocket toxics $stream", ({ stream, from, to }) => {
  it("ws_drop drops the nth message, all fragments of it, and no other", async () => {
    await using rig = await WebSocketRig.start();
    await rig.add("ws_drop", { nth: 2 }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 1);
    peers[from].sendFragments("mess", "age ", "2");
    sendNumbers(peers[from], 3, 4);
    expect(await peers[to].received(3)).toEqual(named(1, 3, 4));
  });

  it("ws_duplicate sends a message again, which the receiver accepts", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_duplicate", { nth: 2, copies: 2 }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 3);
    expect(await peers[to].received(5)).toEqual(named(1, 2, 2, 2, 3));
    expect(await rig.bites(toxic)).toEqual({ messages: 1, gaveUp: 0 });
  });

  it("ws_reorder exchanges the nth message with the next", async () => {
    await using rig = await WebSocketRig.start();
    await rig.add("ws_reorder", { nth: 2 }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 4);
    expect(await peers[to].received(4)).toEqual(named(1, 3, 2, 4));
  });

  it("ws_reorder exchanges messages in pairs when it affects every message", async () => {
    await using rig = await WebSocketRig.start();
    await rig.add("ws_reorder", {}, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 5);
    peers[from].socket.close(1000);
    expect(await peers[to].received(5)).toEqual(named(2, 1, 4, 3, 5));
  });

  it("ws_delay lets later messages wait behind a late one, and pings overtake it", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_delay", { nth: 2, delay: 3_600_000 }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 4);
    peers[from].socket.ping("alive?");
    await until(() => peers[from].pongs.includes("alive?"));
    expect(peers[to].messages).toEqual(named(1));
    await rig.client.updateToxic("link", toxic, { attributes: { delay: 10 } });
    expect(await peers[to].received(4)).toEqual(named(1, 2, 3, 4));
  });

  it("ws_delay lets later messages overtake a late one", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_delay", { nth: 2, delay: 3_600_000, order: "overtake" }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 4);
    expect(await peers[to].received(3)).toEqual(named(1, 3, 4));
    await rig.client.removeToxic("link", toxic);
    expect(await peers[to].received(4)).toEqual(named(1, 3, 4, 2));
  });

  it("ws_delay passes delayed messages before the close frame that came after them", async () => {
    await using rig = await WebSocketRig.start();
    await rig.add("ws_delay", { delay: 60, order: "overtake" }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 3);
    peers[from].socket.close(4_000, "done");
    await until(() => peers[to].closedWith !== undefined);
    expect(peers[to].messages).toEqual(named(1, 2, 3));
    expect(peers[to].closedWith).toEqual({ code: 4_000, reason: "done" });
  });

  it("ws_corrupt changes characters and leaves a valid text of the same length", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_corrupt", { nth: 1, bytes: 4 }, stream);
    const peers = await rig.open();
    const sent = "fiyat 1.234,50 ₺ şğüıöç 😀";
    peers[from].sendFragments(sent.slice(0, 7), sent.slice(7));
    const [got = ""] = await peers[to].received(1);
    expect(got).not.toBe(sent);
    expect(Buffer.byteLength(got)).toBe(Buffer.byteLength(sent));
    expect(isUtf8(Buffer.from(got))).toBe(true);
    expect([...got].filter((character, at) => character !== [...sent][at])).toHaveLength(4);
    expect(await rig.bites(toxic)).toEqual({ messages: 1, gaveUp: 0 });
  });

  it("ws_corrupt breaks a text, which the receiver refuses with 1007", async () => {
    await using rig = await WebSocketRig.start();
    await rig.add("ws_corrupt", { text: "broken" }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 1);
    await until(() => peers[from].closedWith !== undefined);
    expect(peers[from].closedWith?.code).toBe(1_007);
  });

  it("ws_close closes both sides with its code, and the TCP connection normally", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_close", { nth: 2, code: 1_008, reason: "rate limit" }, stream);
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 3);
    await until(() => peers.client.closedWith !== undefined && peers.server.closedWith !== undefined);
    expect(peers[to].messages).toEqual(named(1));
    expect(peers[to].closedWith).toEqual({ code: 1_008, reason: "rate limit" });
    expect(peers[from].closedWith?.code).toBe(1_008);
    expect([...peers.client.errors, ...peers.server.errors]).toEqual([]);
    expect(await rig.bites(toxic)).toEqual({ messages: 1, gaveUp: 0 });
  });

  it("ws_no_pong drops the answers to pings while data flows", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_no_pong", {}, stream);
    const peers = await rig.open();
    peers[to].socket.ping("alive?");
    await until(() => peers[from].pings.includes("alive?"));
    sendNumbers(peers[from], 1, 1);
    expect(await peers[to].received(1)).toEqual(named(1));
    expect(peers[to].pongs).toEqual([]);
    await until(async () => (await rig.bites(toxic)).messages === 1);
    peers[from].socket.ping("the other way");
    await until(() => peers[from].pongs.includes("the other way"));
  });

  it("a toxic that waits for its message passes 24 MiB of compressed and plain ones on, whole", async () => {
    await using rig = await WebSocketRig.start({ perMessageDeflate: { threshold: 2_000_000 } });
    await rig.add("ws_drop", { nth: 1_000 }, stream);
    const peers = await rig.open({ perMessageDeflate: { threshold: 2_000_000 } });
    const texts = [1_048_576, 3 * 1_048_576, 20 * 1_048_576, 5].map((length) =>
      "abcdefgh".repeat(length / 8),
    );
    for (const text of texts) peers[from].socket.send(text);
    const got = await peers[to].received(texts.length);
    expect(got.map((text, at) => text === texts[at])).toEqual([true, true, true, true]);
  });

  it("works on a connection that is already open, and again when it is added again", async () => {
    await using rig = await WebSocketRig.start();
    const peers = await rig.open();
    sendNumbers(peers[from], 1, 1);
    await peers[to].received(1);
    for (const round of [1, 2]) {
      const toxic = await rig.add("ws_drop", { nth: 1 }, stream);
      sendNumbers(peers[from], round, round);
      peers[from].socket.send(`after ${round}`);
      await peers[to].received(1 + round);
      expect(await rig.bites(toxic)).toEqual({ messages: 1, gaveUp: 0 });
      await rig.client.removeToxic("link", toxic);
    }
    expect(peers[to].messages).toEqual(["message 1", "after 1", "after 2"]);
  });

  it("affects a message of 1 MiB whole", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_reorder", { nth: 1 }, stream);
    const peers = await rig.open();
    const large = "x".repeat(1_048_576);
    peers[from].sendFragments(large.slice(0, 500_000), large.slice(500_000));
    peers[from].socket.send(large.replace("x", "y"));
    const [first, second] = await peers[to].received(2);
    expect([first === large.replace("x", "y"), second === large]).toEqual([true, true]);
    expect(await rig.bites(toxic)).toEqual({ messages: 1, gaveUp: 0 });
  });
});

describe("ws_delay", () => {
  it("delays each message by no less than its delay", async () => {
    await using rig = await WebSocketRig.start();
    await rig.add("ws_delay", { delay: 60, order: "overtake" });
    const { client, server } = await rig.open();
    const sentAtMs = performance.now();
    sendNumbers(server, 1, 1);
    await client.received(1);
    expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(60);
  });
});

describe("ws_close", () => {
  it("closes the connection itself when the receiver does not answer", async () => {
    await using rig = await WebSocketRig.start();
    const { client, server } = await rig.open();
    server.socket.send('{"depth":1}');
    await client.received(1);
    await rig.add("ws_close", { linger: 20 });
    client.socket.pause();
    server.socket.send('{"depth":2}');
    await until(() => server.closedWith !== undefined);
    expect(server.closedWith?.code).toBe(1_006);
  });

  it("refuses a reason that no close frame can carry", async () => {
    await using rig = await WebSocketRig.start();
    await expect(rig.add("ws_close", { reason: "ş".repeat(62) })).rejects.toThrow("at most 123 bytes");
  });
});

describe("back-pressure", () => {
  it("makes the sender wait when too many messages are delayed, and loses none", async () => {
    await using rig = await WebSocketRig.start();
    const toxic = await rig.add("ws_delay", { delay: 3_600_000 });
    const { client, server } = await rig.open();
    const texts = Array.from({ length: 256 }, (_, id) => `${id} `.padEnd(65_536, "x"));
    for (const text of texts) server.socket.send(text);
    let late = 0;
    await until(async () => {
      const before = late;
      ({ messages: late } = await rig.bites(toxic));
      return late > 0 && late === before;
    });
    expect(late).toBeLessThan(80);
    await rig.client.removeToxic("link", toxic);
    expect((await client.received(256)).every((text, id) => text === texts[id])).toBe(true);
  });
});
