import net, { type AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import { raisePriority } from "../worker/raise-priority.ts";
import type { FromServer, Stall, ToServer } from "./reference-server.ts";

/** The reference server's thread; `reference-server.ts` starts it and describes it. */
if (parentPort === null) throw new TypeError("Expected to run as a worker thread of startReferenceServer.");
const port = parentPort;
const report = (message: FromServer): void => port.postMessage(message);

const ANSWER = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
const MEASURED = /^GET \/load(?:\?n=(\d+))? /;
/** The request line of measured requests is shorter. */
const LINE_BYTES = 64;
const DRAIN_INTERVAL_MS = 1;
/** Marks a request that is not measured. */
const UNMEASURED = -1;

interface Held {
  readonly socket: net.Socket;
  /** Its number among the measured requests. */
  readonly index: number;
}

let arrivedAtEpochMs: number[] = [];
let answeredAtEpochMs: number[] = [];
let numbers: number[] = [];
let stall: Stall | null = null;
/** Requests without an answer, oldest first; null while every request is answered immediately. */
let held: Held[] | null = null;

// The server's record is the reference, so it must not be late itself: other work on the machine can wait.
raisePriority();
const nowEpochMs = (): number => performance.timeOrigin + performance.now();

function answer({ socket, index }: Held): void {
  if (!socket.destroyed) socket.write(ANSWER);
  if (index !== UNMEASURED) answeredAtEpochMs[index] = nowEpochMs();
}

function receive(socket: net.Socket, bytes: Buffer): void {
  // A request fits into one packet on loopback, so each chunk is one request.
  const measured = MEASURED.exec(bytes.toString("latin1", 0, LINE_BYTES));
  const index = measured === null ? UNMEASURED : arrivedAtEpochMs.push(nowEpochMs()) - 1;
  if (measured !== null) numbers.push(Number(measured[1] ?? index));
  if (index === 0 && stall !== null) schedule(stall);
  if (held === null) answer({ socket, index });
  else held.push({ socket, index });
}

function schedule({ afterMs, stallMs, drainRps }: Stall): void {
  setTimeout(() => {
    held = [];
  }, afterMs);
  setTimeout(() => drain(performance.now(), drainRps, 0), afterMs + stallMs);
}

/** Answers the backlog at its own rate, like a server that recovers: the oldest request first. */
function drain(sinceMs: number, drainRps: number, answered: number): void {
  const due = Math.floor(((performance.now() - sinceMs) * drainRps) / 1_000) + 1;
  const batch = held?.splice(0, due - answered) ?? [];
  for (const request of batch) answer(request);
  if (held?.length === 0) held = null;
  else setTimeout(() => drain(sinceMs, drainRps, answered + batch.length), DRAIN_INTERVAL_MS);
}

port.on("message", (message: ToServer) => {
  if (message.type === "stall") {
    stall = message.stall;
    return;
  }
  report({
    type: "record",
    record: {
      arrivedAtEpochMs: Float64Array.from(arrivedAtEpochMs),
      answeredAtEpochMs: Float64Array.from(
        arrivedAtEpochMs,
        (_, index) => answeredAtEpochMs[index] ?? Number.NaN,
      ),
      numbers: Int32Array.from(numbers),
    },
  });
  arrivedAtEpochMs = [];
  numbers = [];
  answeredAtEpochMs = [];
  stall = null;
});

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on("data", (bytes) => receive(socket, bytes));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => {
  report({ type: "listening", port: (server.address() as AddressInfo).port });
});
