import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { BULK_BLOCK_BYTES, bulkHead, type LoadResult, type LoadTask, ORIGIN_MODE } from "./load-task.ts";
import { pump } from "./pump.ts";

// The clients of the compared engines, in a process of their own: a task arrives over IPC, its result is
// returned.
const held: Socket[] = [];
process.on("message", async (task: LoadTask) => {
  process.send?.(await run(task));
});
process.once("disconnect", () => process.exit(0));

function run(task: LoadTask): Promise<LoadResult> {
  switch (task.kind) {
    case "download":
    case "upload":
      return transfer(task.kind, task.port, task.bytes);
    case "round-trips":
      return roundTrips(task);
    case "connects":
      return connects(task.port, task.count, task.parallel);
    case "hold":
      return hold(task.port, task.connections);
    case "let-go":
      return letGo();
  }
}

/** A connection that reads into one reused buffer, so that the load itself costs little. */
async function dial(port: number, onBytes: (bytes: number) => void): Promise<Socket> {
  const onread = {
    buffer: Buffer.allocUnsafeSlow(BULK_BLOCK_BYTES),
    callback: (bytes: number) => {
      onBytes(bytes);
      return true;
    },
  };
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, onread });
  await once(socket, "connect");
  return socket;
}

async function transfer(kind: "download" | "upload", port: number, bytes: number): Promise<LoadResult> {
  let leftBytes = kind === "download" ? bytes : 1;
  const done = Promise.withResolvers<void>();
  const socket = await dial(port, (count) => {
    leftBytes -= count;
    if (leftBytes <= 0) done.resolve();
  });
  const startMs = performance.now();
  socket.write(bulkHead(kind, bytes));
  if (kind === "upload") pump(socket, bytes);
  await done.promise;
  const seconds = (performance.now() - startMs) / 1_000;
  socket.destroy();
  return { seconds, count: 1, latencyMsP99: 0 };
}

async function roundTrips(task: LoadTask & { kind: "round-trips" }): Promise<LoadResult> {
  const message = Buffer.alloc(task.messageBytes, ORIGIN_MODE.echo);
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + task.durationMs;
  const converse = async () => {
    const done = Promise.withResolvers<void>();
    let [sentAtMs, leftBytes] = [0, 0];
    const send = () => {
      leftBytes = message.length;
      sentAtMs = performance.now();
      socket.write(message);
    };
    const socket = await dial(task.port, (bytes) => {
      leftBytes -= bytes;
      if (leftBytes > 0) return;
      const nowMs = performance.now();
      latenciesMs.push(nowMs - sentAtMs);
      if (nowMs < endMs) send();
      else done.resolve();
    });
    send();
    await done.promise;
    socket.destroy();
  };
  await Promise.all(Array.from({ length: task.connections }, converse));
  const sorted = Float64Array.from(latenciesMs).sort();
  return {
    seconds: (performance.now() - startMs) / 1_000,
    count: sorted.length,
    latencyMsP99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  };
}

/** Opens a connection and waits until one byte was echoed through it. */
async function reach(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.write(Buffer.of(ORIGIN_MODE.echo));
  await once(socket, "data");
  return socket;
}

async function connects(port: number, count: number, parallel: number): Promise<LoadResult> {
  let left = count;
  const startMs = performance.now();
  const work = async () => {
    while (left > 0) {
      left -= 1;
      (await reach(port)).destroy();
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return { seconds: (performance.now() - startMs) / 1_000, count, latencyMsP99: 0 };
}

async function hold(port: number, connections: number): Promise<LoadResult> {
  const startMs = performance.now();
  for (let count = 0; count < connections; count++) held.push(await reach(port));
  return { seconds: (performance.now() - startMs) / 1_000, count: connections, latencyMsP99: 0 };
}

async function letGo(): Promise<LoadResult> {
  const count = held.length;
  const closed = held.map((socket) => once(socket, "close"));
  for (const socket of held.splice(0)) socket.destroy();
  await Promise.all(closed);
  return { seconds: 0, count, latencyMsP99: 0 };
}
