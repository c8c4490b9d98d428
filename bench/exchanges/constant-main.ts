import { createServer } from "node:http";

// The highest rate of an HTTP server of the same kind: it answers every request with the
// same answer to an order.
process.once("message", (body: string) => {
  const answer = Buffer.from(body);
  const headers = { "content-type": "application/json;charset=UTF-8", "content-length": answer.length };
  const server = createServer({ keepAliveTimeout: 65_000 }, (_request, response) => {
    response.writeHead(200, headers);
    response.end(answer);
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no TCP port");
    process.send?.(address.port);
  });
});
process.once("disconnect", () => process.exit(0));
