import { createHash } from "node:crypto";
import { get, type IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { HttpRig, receiveText } from "../protocols/http/testing/http-rig.ts";
import { StageBench } from "../protocols/http/testing/stage-bench.ts";
import { until } from "../test-rig.ts";
import { httpReplyDelay } from "./http-reply-delay.ts";

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const HOUR_MS = 3_600_000;

describe("http_reply_delay", () => {
  it("lets the server execute the request at once, and delays the reply", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_reply_delay", { path: "^/slow", delay: 120 });
    const startedAtMs = performance.now();
    expect(await (await fetch(`${rig.url}/quick`)).text()).toBe("GET /quick 0");
    expect(await (await fetch(`${rig.url}/slow`)).text()).toBe("GET /slow 0");
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(120);
    expect(await rig.bites("http_reply_delay")).toMatchObject({ connections: 1, messages: 1 });
  });

  it("keeps the order of later data on the connection, and passes everything when it is removed", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_reply_delay", { path: "^/slow", delay: HOUR_MS });
    const client = rig.dial();
    client.socket.write(`${GET("/a")}${GET("/slow")}${GET("/b")}`);
    await receiveText(client, "GET /a 0");
    await until(async () => rig.seen.length === 3 && (await rig.bites("http_reply_delay")).messages === 1);
    expect(client.received.toString()).not.toContain("/slow");
    await rig.remove("http_reply_delay");
    const received = await receiveText(client, "GET /b 0");
    expect(received.match(/GET \/\w+/g)).toEqual(["GET /a", "GET /slow", "GET /b"]);
  });

  it("applies a shorter delay to a reply that is held", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_reply_delay", { delay: HOUR_MS });
    const reply = fetch(`${rig.url}/a`);
    await until(async () => (await rig.bites("http_reply_delay")).messages === 1);
    await rig.client.updateToxic("link", "http_reply_delay_downstream", { attributes: { delay: 1 } });
    expect(await (await reply).text()).toBe("GET /a 0");
  });

  it("draws the jitter independently of the share by which it chooses", () => {
    const rolled: number[] = [];
    const bench = new StageBench(httpReplyDelay, { share: 0.5, jitter: 5 }, "from-start", (number) => {
      rolled.push(number);
      return 0.25;
    });
    bench.request(GET("/a")).reply("HTTP/1.1 204 No Content\r\n\r\n").release();
    expect(rolled).toHaveLength(2);
    expect(new Set(rolled).size).toBe(2);
  });

  it("slows the server down when the client does not read, and loses nothing of a large body", async () => {
    const body = Buffer.alloc(32 * 1024 * 1024, "0123456789abcdef-");
    let written = 0;
    await using rig = await HttpRig.start({
      handler: (_request, response) => {
        const send = () => {
          while (written < body.length) {
            const chunk = body.subarray(written, written + 256 * 1024);
            written += chunk.length;
            if (!response.write(chunk)) return;
          }
          response.end();
        };
        response.on("drain", send);
        send();
      },
    });
    await rig.add("http_reply_delay", { delay: 1 });
    const reply = await new Promise<IncomingMessage>((resolve) => get(`${rig.url}/`, resolve));
    // Without a reader, the amount written stays far below the whole body.
    let previous = -1;
    while (previous !== written) {
      previous = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(written).toBeLessThan(body.length);
    const hash = createHash("sha256");
    for await (const chunk of reply) hash.update(chunk);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(body).digest("hex"));
  });
});
