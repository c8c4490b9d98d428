import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { forward } from "./forward.ts";

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  open.pop();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a forwarded port", () => {
  it("carries the data of both ends, including the end of each", async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    const target = await listen(echo);
    const port = await freePort();
    open.push(await forward(port, target));
    const client = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    client.end("to and fro");
    const said = (await client.setEncoding("utf8").toArray()).join("");
    expect(said).toBe("to and fro");
  });

  it("disconnects its client when nothing listens behind it", async () => {
    const port = await freePort();
    open.push(await forward(port, await freePort()));
    const client = connect({ host: "127.0.0.1", port });
    const [error] = (await once(client, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
  });
});
