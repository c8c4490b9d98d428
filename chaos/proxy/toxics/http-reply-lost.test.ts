import { Agent, get } from "node:http";
import { describe, expect, it } from "vitest";
import { HttpRig, receiveText } from "../protocols/http/testing/http-rig.ts";
import { StageBench } from "../protocols/http/testing/stage-bench.ts";
import { until } from "../test-rig.ts";
import { httpReplyLost } from "./http-reply-lost.ts";

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

describe("http_reply_lost", () => {
  it.each([
    ["close", "clean"],
    ["reset", "ECONNRESET"],
  ])("lets the server execute the request, drops the reply and then does %s", async (how, closing) => {
    await using rig = await HttpRig.start();
    await rig.add("http_reply_lost", { method: "POST", path: "/order", how });
    const client = rig.dial();
    client.socket.write("POST /order HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    if (how === "close") await client.ended.then(() => client.socket.end());
    expect(await client.closed).toBe(closing);
    expect(client.received.length).toBe(0);
    expect(rig.seen).toEqual(["POST /order 5"]);
    expect(await rig.bites("http_reply_lost")).toMatchObject({ connections: 1, messages: 1, gaveUp: 0 });
  });

  it("passes earlier replies, and after a hang nothing more", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_reply_lost", { path: "^/order" });
    const client = rig.dial();
    client.socket.write(`${GET("/time")}${GET("/order")}${GET("/account")}`);
    await receiveText(client, "GET /time 0");
    await until(() => rig.seen.length === 3);
    const beforeBytes = (await rig.bites("http_reply_lost")).bytes;
    client.socket.write(GET("/later"));
    await until(async () => (await rig.bites("http_reply_lost")).bytes > beforeBytes);
    expect(rig.seen).toEqual(["GET /time 0", "GET /order 0", "GET /account 0", "GET /later 0"]);
    expect(client.received.toString().match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect((await rig.bites("http_reply_lost")).messages).toBe(1);
  });

  it("hides the server's end from the client after a hang, like a lost return path", () => {
    const bench = new StageBench(httpReplyLost, {});
    bench.request(GET("/order")).reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", "k", "end");
    expect(bench.downstream).toEqual([]);
    expect(bench.bittenBytes).toBe(2);
    expect(bench.release().downstream).toEqual(["close"]);
  });

  it("closes such a connection when it is removed: a later reply would be taken for the lost one", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_reply_lost", { path: "^/order" });
    const client = rig.dial();
    client.socket.write(GET("/order"));
    await until(async () => (await rig.bites("http_reply_lost")).messages === 1);
    await rig.remove("http_reply_lost");
    await client.ended;
    expect(client.received.length).toBe(0);
  });

  it("lets 100 Continue through, without which the server would never get the body", async () => {
    await using rig = await HttpRig.start();
    await rig.add("http_reply_lost", { how: "close" });
    const client = rig.dial();
    client.socket.write(
      "PUT /order HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    );
    await receiveText(client, "100 Continue");
    client.socket.write("hello");
    await client.ended;
    expect(rig.seen).toEqual(["PUT /order 5"]);
    expect(client.received.toString()).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  });

  it("affects no other request of a keep-alive agent, whose next one uses a new connection", async () => {
    await using rig = await HttpRig.start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const call = () =>
      new Promise<number | string>((resolve) => {
        get(`${rig.url}/`, { agent }, (reply) => {
          reply.resume();
          reply.on("end", () => resolve(reply.statusCode ?? 0));
        }).on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
      });
    expect(await call()).toBe(200);
    await rig.add("http_reply_lost", { nth: 2, how: "close" });
    expect([await call(), await call(), await call()]).toEqual([200, "ECONNRESET", 200]);
    expect([rig.seen.length, rig.connections]).toEqual([4, 2]);
    agent.destroy();
  });
});
