import { createServer, type Socket } from "node:net";

/**
 * Runs the server behind measured links, in a process of its own that sends its port over IPC and ends with its parent.
 * `serve` gets each connection with the first bytes that came on it, which select what it does.
 */
export function serveOrigin(serve: (socket: Socket, first: Buffer) => void): void {
  const server = createServer({ noDelay: true }, (socket) => {
    // Toxics and load programs close connections at any time, which is not a failure of the measurement.
    socket.on("error", () => socket.destroy());
    socket.once("data", (chunk: Buffer) => serve(socket, chunk));
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1_024 }, () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the origin has no TCP port");
    process.send?.(address.port);
  });
  process.once("disconnect", () => process.exit(0));
}
