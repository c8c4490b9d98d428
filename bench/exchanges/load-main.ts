import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { LoadResult, LoadTask } from "./load-task.ts";

// The clients of the measured venue, in a process of their own: a task arrives over IPC, its result is
// returned. They use bare sockets and count bytes, so that the load costs little compared with the venue.
const READ_BLOCK_BYTES = 256 * 1_024;
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const FILLED = Buffer.from('"status":"FILLED"');
const CREDENTIALS = { apiKey: "kanit-binance-key", apiSecret: "kanit-binance-secret" };

let listeners: Listener[] = [];
process.on("message", async (task: LoadTask) => {
  process.send?.(await run(task));
});
process.once("disconnect", () => process.exit(0));

function run(task: LoadTask): Promise<LoadResult> {
  switch (task.kind) {
    case "orders":
      return orders(task);
    case "listen":
      return listen(task);
    case "hear":
      return receive(task.bytes);
  }
}

/** A signed order as bytes on the wire: alternately buys and sells, so that balances suffice. */
function orderRequest(index: number): Buffer {
  const side = index % 2 === 0 ? "BUY" : "SELL";
  const order = `symbol=BTCUSDT&side=${side}&type=MARKET&quantity=0.0001`;
  const query = `${order}&recvWindow=60000&timestamp=${Date.now()}`;
  const signature = createHmac("sha256", CREDENTIALS.apiSecret).update(query).digest("hex");
  return Buffer.from(
    `POST /api/v3/order?${query}&signature=${signature} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `X-MBX-APIKEY: ${CREDENTIALS.apiKey}\r\nContent-Length: 0\r\n\r\n`,
  );
}

async function orders(task: LoadTask & { kind: "orders" }): Promise<LoadResult> {
  const { port, connections, warmUps, count } = task;
  const sockets = await Promise.all(Array.from({ length: connections }, () => dial(port)));
  const send = async (amount: number): Promise<LoadResult> => {
    const requests = Array.from({ length: amount }, (_, index) => orderRequest(index));
    const startMs = performance.now();
    const filled = await Promise.all(sockets.map((socket) => converse(socket, requests)));
    return {
      seconds: (performance.now() - startMs) / 1_000,
      count: filled.reduce((sum, one) => sum + one, 0),
    };
  };
  await send(warmUps);
  const result = await send(count);
  for (const socket of sockets) socket.destroy();
  return result;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** Sends requests one after the other until none is left. Returns how many orders were filled. */
async function converse(socket: Socket, requests: Buffer[]): Promise<number> {
  let filled = 0;
  let held: Buffer = Buffer.alloc(0);
  const done = Promise.withResolvers<void>();
  const next = (): void => {
    const request = requests.pop();
    if (request === undefined) done.resolve();
    else socket.write(request);
  };
  const onData = (chunk: Buffer): void => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const headBytes = held.indexOf(END_OF_HEAD);
    if (headBytes < 0 || held.length < headBytes + END_OF_HEAD.length + bodyBytes(held, headBytes)) return;
    if (held.includes(FILLED)) filled++;
    held = Buffer.alloc(0);
    next();
  };
  socket.on("data", onData);
  next();
  await done.promise;
  socket.off("data", onData);
  return filled;
}

function bodyBytes(answer: Buffer, headBytes: number): number {
  const length = /content-length: (\d+)/i.exec(answer.toString("latin1", 0, headBytes))?.[1];
  if (length === undefined) throw new Error("expected an answer with its length, got none");
  return Number(length);
}

/** A WebSocket that only counts the bytes after the handshake. */
interface Listener {
  readonly socket: Socket;
  bytes: number;
  onBytes: () => void;
}

async function openListener(port: number, path: string): Promise<Listener> {
  const shaken = Promise.withResolvers<void>();
  let isShaken = false;
  const onread = {
    buffer: Buffer.allocUnsafeSlow(READ_BLOCK_BYTES),
    callback: (count: number, bytes: Uint8Array) => {
      if (isShaken) listener.bytes += count;
      else {
        const head = Buffer.from(bytes.buffer, bytes.byteOffset, count).indexOf(END_OF_HEAD);
        if (head < 0) throw new Error("expected a handshake in one piece");
        isShaken = true;
        listener.bytes = count - head - END_OF_HEAD.length;
        shaken.resolve();
      }
      listener.onBytes();
      return true;
    },
  };
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, onread });
  const listener: Listener = { socket, bytes: 0, onBytes: () => undefined };
  await once(socket, "connect");
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await shaken.promise;
  return listener;
}

async function listen({ port, path, listeners: count }: LoadTask & { kind: "listen" }): Promise<LoadResult> {
  const startMs = performance.now();
  while (listeners.length < count) listeners.push(await openListener(port, path));
  return { seconds: (performance.now() - startMs) / 1_000, count };
}

async function receive(bytes: number): Promise<LoadResult> {
  const startMs = performance.now();
  const count = listeners.length;
  await Promise.all(
    listeners.map(
      (listener) =>
        new Promise<void>((resolve, reject) => {
          listener.onBytes = () => {
            if (listener.bytes >= bytes) resolve();
          };
          listener.socket.once("close", () =>
            reject(new Error("expected all bytes, got a closed connection")),
          );
          listener.onBytes();
        }),
    ),
  );
  const seconds = (performance.now() - startMs) / 1_000;
  for (const { socket } of listeners) socket.destroy();
  listeners = [];
  return { seconds, count };
}
