import type { Socket } from "node:net";
import { pump } from "../fault-proxy/pump.ts";
import { serveOrigin } from "../fault-proxy/serve-origin.ts";
import { HTTP_REPLY, PG_REPLY, PG_WELCOME, WS_ACCEPT, WS_FRAME } from "./traffic.ts";

// The server behind the links with the measured toxics: what it does not know by its first bytes is echoed.
serveOrigin(serve);

function serve(socket: Socket, first: Buffer): void {
  const start = first.toString("latin1", 0, 64);
  const [, bulkBytes] = /^bulk (\d+)\n/.exec(start) ?? [];
  const [, framesBytes] = /^GET \/ws\/(\d+) /.exec(start) ?? [];
  if (bulkBytes !== undefined) pump(socket, Number(bulkBytes));
  else if (framesBytes !== undefined) sendFrames(socket, Number(framesBytes));
  else if (start.startsWith("GET /http ")) answerEach(socket, first, "\r\n\r\n", HTTP_REPLY);
  else if (first[0] === 0) answerQueries(socket, first);
  else echo(socket, first);
}

function echo(socket: Socket, first: Buffer): void {
  socket.write(first);
  socket.on("data", (chunk: Buffer) => socket.write(chunk));
}

function sendFrames(socket: Socket, bytes: number): void {
  socket.write(WS_ACCEPT);
  const block = Buffer.concat(Array.from({ length: 500 }, () => WS_FRAME));
  let leftBytes = bytes;
  const write = () => {
    while (leftBytes > 0) {
      leftBytes -= block.length;
      if (!socket.write(block)) break;
    }
    if (leftBytes > 0) socket.once("drain", write);
  };
  write();
}

function answerQueries(socket: Socket, first: Buffer): void {
  socket.write(PG_WELCOME);
  answerEach(socket, first, "\0Q", PG_REPLY);
}

/** Writes the reply each time this text is received. */
function answerEach(socket: Socket, first: Buffer, mark: string, reply: Buffer): void {
  const answer = (chunk: Buffer) => {
    for (let left = chunk.toString("latin1").split(mark).length - 1; left > 0; left--) socket.write(reply);
  };
  answer(first);
  socket.on("data", mark === "\0Q" ? () => socket.write(reply) : answer);
}
