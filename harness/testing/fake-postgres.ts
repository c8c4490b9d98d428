import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

const STRING_TYPE = 25;

/** A server on loopback that lets every client in and answers every query with one row of one column. */
export interface FakePostgres extends AsyncDisposable {
  /** `127.0.0.1:40123` */
  readonly host: string;
}

/** Starts a server whose answer to every query is this text. */
export async function startFakePostgres(answer: () => string): Promise<FakePostgres> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    let isStarted = false;
    socket.on("data", (bytes) => {
      if (!isStarted) {
        isStarted = true;
        socket.write(Buffer.concat([message("R", int32(0)), message("Z", Buffer.from("I"))]));
      } else if (bytes.toString("latin1", 0, 1) === "Q") socket.write(rowOf(answer()));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function rowOf(text: string): Buffer {
  const column = Buffer.concat([
    ...[Buffer.from("now_ms\0"), int32(0), int16(0), int32(STRING_TYPE), int16(-1), int32(-1), int16(0)],
  ]);
  return Buffer.concat([
    message("T", Buffer.concat([int16(1), column])),
    message("D", Buffer.concat([int16(1), int32(Buffer.byteLength(text)), Buffer.from(text)])),
    message("C", Buffer.from("SELECT 1\0")),
    message("Z", Buffer.from("I")),
  ]);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
