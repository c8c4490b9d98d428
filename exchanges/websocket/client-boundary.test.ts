import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { DEFECT_WARNING } from "../defect.ts";
import { TestSocket } from "../testing/socket.ts";
import { onClientText } from "./client-boundary.ts";
import { startWebSocketServer, type WebSocketListener } from "./websocket-server.ts";

let listener: WebSocketListener;
let connected: (socket: WebSocket) => void;

beforeEach(async () => {
  listener = await startWebSocketServer(0, (socket) => connected(socket));
});
afterEach(() => listener.close());

const open = () => TestSocket.open(`ws://127.0.0.1:${listener.port}`);

async function reported(): Promise<string> {
  const [warning] = await once(process, "warning");
  expect(warning.name).toBe(DEFECT_WARNING);
  return warning.detail;
}

describe("a callback that throws", () => {
  it.each<[string, () => void | Promise<void>]>([
    [
      "at once",
      () => {
        throw new TypeError("met a defect");
      },
    ],
    ["later", () => Promise.reject(new TypeError("met a defect"))],
  ])("%s closes only its own client, with 1011, and is reported", async (_, take) => {
    connected = (socket) => onClientText(socket, (text) => (text === "bad" ? take() : socket.send("echo")));
    await using other = await open();
    await using client = await open();
    const report = reported();
    const closed = client.closed();
    client.send("bad");
    expect(await closed).toBe(1011);
    expect(await report).toMatch(/TypeError: met a defect/);
    other.send("good");
    await other.until(({ texts }) => texts.includes("echo"));
  });

  it("closes the connection when it is the one that accepts it", async () => {
    connected = () => {
      throw new TypeError("met a defect");
    };
    const report = reported();
    await using client = await open();
    expect(await client.closed()).toBe(1011);
    expect(await report).toMatch(/met a defect/);
  });
});
