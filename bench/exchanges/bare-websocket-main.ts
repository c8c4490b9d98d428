import { once } from "node:events";
import { WebSocketServer } from "ws";

// The highest rate of `ws` alone: the same frames to every connected client, yielding as often
// as the stub's replay does.
const SLICE_MS = 5;
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("the server has no TCP port");

process.on("message", (frames: readonly string[]) => {
  const payloads = frames.map((frame) => Buffer.from(frame));
  let next = 0;
  const step = (): void => {
    const endMs = performance.now() + SLICE_MS;
    for (let payload = payloads[next]; payload !== undefined; payload = payloads[next]) {
      for (const client of server.clients) client.send(payload, { binary: false });
      next++;
      if (performance.now() > endMs) {
        setImmediate(step);
        return;
      }
    }
  };
  step();
});
process.once("disconnect", () => process.exit(0));
process.send?.(address.port);
