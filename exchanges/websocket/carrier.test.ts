import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { systemClock } from "../../core/index.ts";
import { Switchboard } from "../misbehaviors/switchboard.ts";
import { TestSocket } from "../testing/socket.ts";
import { MarketSocket } from "./market-socket.ts";
import { startWebSocketServer, type WebSocketListener } from "./websocket-server.ts";

let listener: WebSocketListener;
let client: TestSocket;
let socket: WebSocket;

beforeEach(async () => {
  const accepted = Promise.withResolvers<WebSocket>();
  listener = await startWebSocketServer(0, accepted.resolve);
  client = await TestSocket.open(`ws://127.0.0.1:${listener.port}`);
  socket = await accepted.promise;
});
afterEach(async () => {
  await client[Symbol.asyncDispose]();
  await listener.close();
});

const market = (): MarketSocket =>
  new MarketSocket(socket, new Switchboard({ venue: "binance", seed: 1, clock: systemClock }));
const FRAMES = ["one", "two", "three"];

describe("frames of one turn of the event loop", () => {
  it("are held back until it is done, and count as waiting meanwhile", async () => {
    const own = market();
    for (const frame of FRAMES) own.push(Buffer.from(frame));
    // Each has a header of two bytes.
    expect(socket.bufferedAmount).toBe(FRAMES.join("").length + 2 * FRAMES.length);
    await client.until(({ messages }) => messages.length === FRAMES.length);
    expect(socket.bufferedAmount).toBe(0);
  });

  it("keep their order, including answers and the close between them", async () => {
    const own = market();
    own.push(Buffer.from("one"));
    own.reply("answer");
    own.push(Buffer.from("two"));
    socket.close(1000);
    expect(await client.closed()).toBe(1000);
    expect(client.texts).toEqual(["one", "answer", "two"]);
  });
});
