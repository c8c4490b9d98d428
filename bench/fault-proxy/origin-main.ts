import { createServer, type Socket } from "node:net";
import { BULK_HEAD_BYTES, ORIGIN_MODE } from "./load-task.ts";
import { pump } from "./pump.ts";

// The server behind the compared engines, in a process of its own. It sends its port over IPC.
const server = createServer({ noDelay: true }, (socket) => {
  // A load program closes its connections at any time, which is not a failure of the measurement.
  socket.on("error", () => socket.destroy());
  socket.once("data", (chunk: Buffer) => serve(socket, chunk));
});
server.listen({ host: "127.0.0.1", port: 0, backlog: 1_024 }, () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the origin has no TCP port");
  process.send?.(address.port);
});
process.once("disconnect", () => process.exit(0));

function serve(socket: Socket, first: Buffer): void {
  switch (first[0]) {
    case ORIGIN_MODE.echo:
      socket.write(first);
      socket.on("data", (chunk: Buffer) => socket.write(chunk));
      return;
    case ORIGIN_MODE.download:
      pump(socket, first.readDoubleBE(1));
      return;
    case ORIGIN_MODE.upload:
      confirm(socket, first.readDoubleBE(1), first.length - BULK_HEAD_BYTES);
      return;
    default:
      throw new Error(`expected a mode as the first byte of a connection, got ${first[0]}`);
  }
}

function confirm(socket: Socket, bytes: number, firstBytes: number): void {
  let leftBytes = bytes - firstBytes;
  socket.on("data", (chunk: Buffer) => {
    leftBytes -= chunk.length;
    if (leftBytes <= 0) socket.write(Buffer.of(1));
  });
}
