import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type WebSocketPeer, WebSocketRig } from "../protocols/ws/test-web-socket.ts";
import { until } from "../test-rig.ts";

/** Compresses every message with context takeover: the default of most clients, except for the threshold. */
const COMPRESSING = { perMessageDeflate: { threshold: 0 } };
const STREAMS = [
  { stream: "downstream", from: "server", to: "client" },
  { stream: "upstream", from: "client", to: "server" },
] as const;

/** A venue's message: it repeats the one before it, so that its compressed form refers to that one. */
const text = (id: number) => JSON.stringify({ id, stream: "btcusdt@trade", price: "67000.10", side: "alış" });
const texts = (...ids: readonly number[]) => ids.map(text);

async function openCompressed(rig: WebSocketRig) {
  const peers = await rig.open(COMPRESSING);
  expect(peers.client.socket.extensions).toContain("permessage-deflate");
  return peers;
}

function send({ socket }: WebSocketPeer, ...ids: readonly number[]): void {
  for (const id of ids) socket.send(text(id));
}

describe.each(STREAMS)("on a compressed WebSocket, $stream,", ({ stream, from, to }) => {
  it.each([
    ["ws_drop", { every: 3 }, [1, 2, 4, 5, 7, 8]],
    ["ws_swallow", { pattern: '"id":[4-6],' }, [1, 2, 3, 7, 8]],
    ["ws_duplicate", { nth: 2, copies: 2 }, [1, 2, 2, 2, 3, 4, 5, 6, 7, 8]],
    ["ws_reorder", { nth: 3 }, [1, 2, 4, 3, 5, 6, 7, 8]],
    ["ws_delay", { nth: 3, delay: 5 }, [1, 2, 3, 4, 5, 6, 7, 8]],
  ])("%s %j changes the chosen messages and no other", async (type, attributes, expected) => {
    await using rig = await WebSocketRig.start(COMPRESSING);
    const toxic = await rig.add(type, attributes, stream);
    const peers = await openCompressed(rig);
    send(peers[from], 1, 2, 3, 4, 5, 6, 7, 8);
    expect(await peers[to].received(expected.length)).toEqual(texts(...expected));
    expect(peers[to].errors).toEqual([]);
    expect((await rig.bites(toxic)).gaveUp).toBe(0);
  });

  it("ws_corrupt leaves a valid text of the same length", async () => {
    await using rig = await WebSocketRig.start(COMPRESSING);
    await rig.add("ws_corrupt", { nth: 2, bytes: 5 }, stream);
    const peers = await openCompressed(rig);
    send(peers[from], 1, 2, 3);
    const [first, corrupted = "", third] = await peers[to].received(3);
    expect([first, third]).toEqual(texts(1, 3));
    expect(corrupted).not.toBe(text(2));
    expect(corrupted).toHaveLength(text(2).length);
  });

  it("messages stay readable after the toxic is removed, and another one acts on them", async () => {
    await using rig = await WebSocketRig.start(COMPRESSING);
    const toxic = await rig.add("ws_drop", { nth: 2 }, stream);
    const peers = await openCompressed(rig);
    send(peers[from], 1, 2, 3);
    await peers[to].received(2);
    await rig.client.removeToxic("link", toxic);
    send(peers[from], 4, 5);
    expect(await peers[to].received(4)).toEqual(texts(1, 3, 4, 5));
    await rig.add("ws_duplicate", { nth: 1 }, stream);
    send(peers[from], 6, 7);
    expect(await peers[to].received(7)).toEqual(texts(1, 3, 4, 5, 6, 6, 7));
    expect(peers[to].errors).toEqual([]);
  });

  it("a toxic that is taken off the connection and put back acts again", async () => {
    await using rig = await WebSocketRig.start(COMPRESSING);
    const toxic = await rig.add("ws_drop", { every: 2 }, stream);
    const peers = await openCompressed(rig);
    send(peers[from], 1, 2, 3);
    await peers[to].received(2);
    await rig.client.updateToxic("link", toxic, { toxicity: 0 });
    send(peers[from], 4, 5);
    await peers[to].received(4);
    await rig.client.updateToxic("link", toxic, {
      toxicity: 1,
      attributes: { pattern: '"id":7,', every: 0 },
    });
    send(peers[from], 6, 7, 8);
    expect(await peers[to].received(6)).toEqual(texts(1, 3, 4, 5, 6, 8));
    expect(peers[to].errors).toEqual([]);
  });

  it("a long message that repeats a dropped one arrives as it was sent", async () => {
    await using rig = await WebSocketRig.start(COMPRESSING);
    await rig.add("ws_drop", { nth: 1 }, stream);
    const peers = await openCompressed(rig);
    const dropped = randomBytes(4_000).toString("hex");
    const long = dropped + randomBytes(2_000_000).toString("base64");
    for (const message of [dropped, long, dropped]) peers[from].socket.send(message);
    const [first, second] = await peers[to].received(2);
    expect([first === long, second === dropped]).toEqual([true, true]);
  });

  it("a message too long to be read after a dropped one closes the connection, and is never damaged", async () => {
    await using rig = await WebSocketRig.start(COMPRESSING);
    const toxic = await rig.add("ws_drop", { nth: 1 }, stream);
    const peers = await openCompressed(rig);
    const dropped = randomBytes(4_000).toString("hex");
    for (const message of [dropped, "fine", dropped.repeat(2_000), dropped]) peers[from].socket.send(message);
    await until(() => peers[to].closedWith?.code === 1006);
    expect(peers[to].messages).toEqual(["fine"]);
    expect(await rig.bites(toxic)).toEqual({ messages: 1, gaveUp: 1 });
  });

  it("a toxic that joined too late to read messages affects none, and reports it", async () => {
    await using rig = await WebSocketRig.start(COMPRESSING);
    const peers = await openCompressed(rig);
    send(peers[from], 1, 2);
    await peers[to].received(2);
    const toxic = await rig.add("ws_drop", {}, stream);
    for (let id = 3; id <= 8; id++) {
      send(peers[from], id);
      await peers[to].received(id);
    }
    expect(peers[to].messages).toEqual(texts(1, 2, 3, 4, 5, 6, 7, 8));
    expect(await rig.bites(toxic)).toEqual({ messages: 0, gaveUp: 1 });
  });
});
