import { connect } from "node:net";
import { openingOf, type TransferResult, type TransferTask } from "./traffic.ts";

// The client whose traffic passes the toxics, in a process of its own: a task arrives over
// IPC, its result is returned.
process.on("message", async (task: TransferTask) => {
  const results = await Promise.all(Array.from({ length: task.connections }, () => transfer(task)));
  const bytes = results.reduce((sum, result) => sum + result.bytes, 0);
  process.send?.({
    bytes,
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
  } satisfies TransferResult);
});
process.once("disconnect", () => process.exit(0));

async function transfer({ traffic, port, bytes, limitMs }: TransferTask): Promise<TransferResult> {
  const { first, again } = openingOf(traffic, bytes);
  const startMs = performance.now();
  let [receivedBytes, repliesAsked] = [0, 1];
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  // Toxics end connections; the bytes received by then are the result.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    receivedBytes += chunk.length;
    if (receivedBytes >= bytes) socket.destroy();
    if (again === null || receivedBytes < repliesAsked * again.replyBytes) return;
    repliesAsked += 1;
    socket.write(again.request);
  });
  socket.write(first);
  const limit = setTimeout(() => socket.destroy(), limitMs);
  // Not with `once` of node:events, which would fail at the error before.
  await new Promise((resolve) => socket.once("close", resolve));
  clearTimeout(limit);
  return { bytes: receivedBytes, seconds: (performance.now() - startMs) / 1_000 };
}
