import { connect, createServer, type Server } from "node:net";

/** Forwards connections to `listenPort`, on any address of the container, to a port on its loopback. */
export async function forward(listenPort: number, targetPort: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = connect({ host: "127.0.0.1", port: targetPort, allowHalfOpen: true });
    // When one end fails, the other is closed: an address without a listener refuses its clients as well.
    client.on("error", () => target.destroy());
    target.on("error", () => client.resetAndDestroy());
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listenPort, "0.0.0.0", resolve);
  });
  return server;
}
