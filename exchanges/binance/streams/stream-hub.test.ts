import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../core/index.ts";
import { Market } from "../../market/market.ts";
import { makeSyntheticTape } from "../../market/tape/synthetic-tape.ts";
import { Switchboard } from "../../misbehaviors/switchboard.ts";
import { TestSocket } from "../../testing/socket.ts";
import { splitTarget } from "../../websocket/request-target.ts";
import { startWebSocketServer, type WebSocketListener } from "../../websocket/websocket-server.ts";
import { BINANCE_HEARTBEAT } from "../connection-rules.ts";
import { StreamHub } from "./stream-hub.ts";

const STREAM = "btcusdt@kanit";
let market: Market;
let hub: StreamHub;
let listener: WebSocketListener;

beforeEach(async () => {
  const onError = (cause: unknown): void => {
    throw cause;
  };
  const [clock, tape] = [systemClock, makeSyntheticTape(1)];
  market = new Market({ tape, tapeSpeed: 1, tapeTime: "recorded", start: "paused", clock, onError });
  const misbehaviors = new Switchboard({ venue: "binance", seed: 1, clock });
  const rules = { heartbeat: BINANCE_HEARTBEAT, lifeMs: 86_400_000 };
  hub = new StreamHub({ market, clock, misbehaviors, rules });
  listener = await startWebSocketServer(0, (socket, request) =>
    hub.connect(socket, splitTarget(request.url ?? ""), "ms"),
  );
});
afterEach(async () => {
  market.stop();
  await listener.close();
});

describe("a stream's frame", () => {
  it("is serialized once, for any number of listeners and both forms", async () => {
    const url = `ws://127.0.0.1:${listener.port}`;
    const paths = [
      `/ws/${STREAM}`,
      `/ws/${STREAM}`,
      `/stream?streams=${STREAM}`,
      `/stream?streams=${STREAM}`,
    ];
    await using sockets = new AsyncDisposableStack();
    const open = await Promise.all(paths.map((path) => TestSocket.open(url + path)));
    for (const socket of open) sockets.use(socket);
    let serialized = 0;
    const data = {
      toJSON: () => {
        serialized++;
        return { e: "kanit" };
      },
    };
    hub.publish(STREAM, data);
    for (const socket of open) await socket.until(({ messages }) => messages.length === 1);
    expect(open.map(({ texts }) => texts[0])).toEqual([
      ...['{"e":"kanit"}', '{"e":"kanit"}'],
      ...[`{"stream":"${STREAM}","data":{"e":"kanit"}}`, `{"stream":"${STREAM}","data":{"e":"kanit"}}`],
    ]);
    expect(serialized).toBe(1);
  });

  it("is not created without listeners", () => {
    const data = {
      toJSON: () => {
        throw new Error("serialized for nobody");
      },
    };
    expect(() => hub.publish(STREAM, data)).not.toThrow();
  });
});
