import { get } from "node:http";
import { describe, expect, it } from "vitest";
import { HttpRig } from "../protocols/http/testing/http-rig.ts";

const TEXT = "0123456789".repeat(10);

/** The reply of a server that states the length, or sends chunks of 30 bytes. */
function startRig(framing: string): Promise<HttpRig> {
  return HttpRig.start({
    handler: (_request, response) => {
      if (framing === "Content-Length") {
        response.setHeader("Content-Length", TEXT.length).end(TEXT);
        return;
      }
      for (let at = 0; at < TEXT.length; at += 30) response.write(TEXT.slice(at, at + 30));
      response.end();
    },
  });
}

/** The received part of the body, and how it ended. */
function download(rig: HttpRig): Promise<{ readonly body: string; readonly end: string }> {
  let body = "";
  return new Promise((resolve) => {
    const fail = (error: Error) =>
      resolve({ body, end: "code" in error ? String(error.code) : error.message });
    get(rig.url, (reply) => {
      reply.setEncoding("latin1");
      reply.on("data", (text: string) => {
        body += text;
      });
      reply.on("end", () => resolve({ body, end: "complete" }));
      reply.on("error", fail);
    }).on("error", fail);
  });
}

describe("http_body_truncated", () => {
  it.each([
    ["Content-Length", "close"],
    ["Content-Length", "reset"],
    ["chunked", "close"],
    ["chunked", "reset"],
  ])("passes exactly its bytes of a body by %s, then does %s", async (framing, how) => {
    await using rig = await startRig(framing);
    await rig.add("http_body_truncated", { bytes: 45, how });
    expect(await download(rig)).toEqual({ body: TEXT.slice(0, 45), end: "ECONNRESET" });
    expect(rig.seen).toHaveLength(1);
    expect(await rig.bites("http_body_truncated")).toMatchObject({ connections: 1, messages: 1 });
  });

  it.each(["Content-Length", "chunked"])(
    "leaves a body by %s whole when it is not longer than its bytes",
    async (framing) => {
      await using rig = await startRig(framing);
      await rig.add("http_body_truncated", { bytes: TEXT.length });
      expect(await download(rig)).toEqual({ body: TEXT, end: "complete" });
      expect((await rig.bites("http_body_truncated")).messages).toBe(0);
    },
  );

  it("passes the head even when nothing of the body may pass", async () => {
    await using rig = await startRig("Content-Length");
    await rig.add("http_body_truncated", { bytes: 0 });
    const client = rig.dial();
    client.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.ended;
    expect(client.received.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 100\r\n.*\r\n\r\n$/s);
  });

  it("counts each reply of a connection by itself", async () => {
    await using rig = await startRig("Content-Length");
    await rig.add("http_body_truncated", { nth: 3, bytes: 10 });
    const client = rig.dial();
    client.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
    await client.ended;
    const bodies = client.received.toString().split("\r\n\r\n").slice(1);
    expect(bodies.map((text) => text.replace(/HTTP.*/s, ""))).toEqual([TEXT, TEXT, TEXT.slice(0, 10)]);
  });
});
