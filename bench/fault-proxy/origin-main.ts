import type { Socket } from "node:net";
import { BULK_HEAD_BYTES, ORIGIN_MODE } from "./load-task.ts";
import { pump } from "./pump.ts";
import { serveOrigin } from "./serve-origin.ts";

// The server behind the compared engines.
serveOrigin(serve);

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
