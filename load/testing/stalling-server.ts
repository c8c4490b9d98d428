import net, { type AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";

/**
 * A server in a thread of its own that answers at once, but for one stall: told `{ stallMs }`, it holds every
 * answer from then until that time is over, and then gives them in the order of their requests. Of the requests
 * for `/load` it reports how many it had answered before, and when on the epoch clock it gave those held back.
 */
if (parentPort === null) throw new TypeError("Expected to run as a worker thread of a test.");
const port = parentPort;
const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const held: { readonly socket: net.Socket; readonly isLoad: boolean }[] = [];
let answeredLoad = 0;
let stalling = false;

const server = net.createServer({ noDelay: true }, (socket) => {
  // One request is one small packet on loopback: whatever comes is one.
  socket.on("data", (bytes) => {
    const isLoad = bytes.includes(" /load ");
    if (stalling) {
      held.push({ socket, isLoad });
      return;
    }
    if (isLoad) answeredLoad += 1;
    socket.write(ANSWER);
  });
  socket.on("error", () => socket.destroy());
});

port.on("message", ({ stallMs }: { stallMs: number }) => {
  stalling = true;
  const answeredBefore = answeredLoad;
  setTimeout(() => {
    stalling = false;
    const releasedAtEpochMs: number[] = [];
    for (const { socket, isLoad } of held.splice(0)) {
      socket.write(ANSWER);
      if (isLoad) releasedAtEpochMs.push(performance.timeOrigin + performance.now());
    }
    port.postMessage({ answeredBefore, releasedAtEpochMs });
  }, stallMs);
});

server.listen(0, "127.0.0.1", () => port.postMessage({ port: (server.address() as AddressInfo).port }));
