import { describe, expect, it } from "vitest";
import { httpAnswer } from "../../toxics/http-answer.ts";
import { httpReplyDelay } from "../../toxics/http-reply-delay.ts";
import { StageBench } from "./testing/stage-bench.ts";

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const OWN = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

/** Records the requests and replies that are recognized, and changes nothing. */
const watching = (joined: "from-start" | "midway" = "from-start") =>
  new StageBench(httpReplyDelay, {}, joined);
const repliesIn = (bench: StageBench) =>
  bench.messages.map(({ what }) => what.replace(/^reply | delayed$/g, ""));

describe("framing, by RFC 9112", () => {
  it.each([
    ["a length stated twice alike", "Content-Length: 2, 2\r\nContent-Length: 2\r\n\r\nhi"],
    [
      "a transfer coding over a length",
      "Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    ],
    [
      "a list of codings",
      "Transfer-Encoding: gzip\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    ],
    ["lines that end in a bare LF", "A: b\nContent-Length: 2\n\nhi"],
    ["a folded field", "A: b\r\n c\r\nContent-Length: 2\r\n\r\nhi"],
    ["no body", "\r\n"],
  ])("recognizes %s as the end of a request", (_name, rest) => {
    const bench = watching()
      .request(`PUT /a HTTP/1.1\r\n${rest}${GET("/b")}`)
      .reply(OK, OK);
    expect(repliesIn(bench)).toEqual(["200 to PUT /a", "200 to GET /b"]);
    expect(bench.gaveUp).toEqual([]);
  });

  it.each([
    ["lengths that differ", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n", /Content-Length/],
    ["a negative length", "Content-Length: -2\r\n\r\n", /Content-Length/],
    ["a request whose body would never end", "Transfer-Encoding: gzip\r\n\r\n", /transfer coding/],
    ["chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\n", /transfer coding/],
    ["a space before the colon", "Content-Length : 2\r\n\r\n", /header field/],
    ["a chunk without a size", "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", /chunk size/],
    ["a chunk longer than its size", "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", /chunk longer/],
    ["a chunk size beyond counting", `Transfer-Encoding: chunked\r\n\r\n${"f".repeat(20)}\r\n`, /2\^53/],
    ["a head without end", `A: ${"x".repeat(70_000)}`, /64 KiB/],
  ])("gives up on %s, and passes it on", (_name, rest, why) => {
    const request = `PUT /a HTTP/1.1\r\n${rest}`;
    const bench = watching().request(request, GET("/b"));
    expect(bench.gaveUp).toEqual([expect.stringMatching(why)]);
    expect(bench.sent.toString("latin1")).toBe(request + GET("/b"));
  });

  it("ends a reply without a length where the server ends", () => {
    const bench = new StageBench(httpAnswer, { path: "^/taken" });
    bench.request(GET("/a"), GET("/taken")).reply("HTTP/1.1 200 OK\r\n\r\nhello ", "world", "end");
    // After that no reply can follow, so the pending one is dropped.
    expect(bench.received.toString()).toBe("HTTP/1.1 200 OK\r\n\r\nhello world");
    expect(bench.downstream.at(-1)).toBe("end");
  });

  it("becomes a pipe after CONNECT, and stays HTTP when that is refused", () => {
    const connect = "CONNECT venue:443 HTTP/1.1\r\nHost: venue\r\n\r\n";
    const tunnel = watching()
      .request(connect)
      .reply("HTTP/1.1 200 Connected\r\n\r\n")
      .request(GET("/inside"));
    expect([repliesIn(tunnel), tunnel.gaveUp]).toEqual([["200 to CONNECT venue:443"], []]);
    const refused = watching().request(connect).reply(OK.replace("200", "407")).request(GET("/a")).reply(OK);
    expect(repliesIn(refused)).toEqual(["407 to CONNECT venue:443", "200 to GET /a"]);
  });

  it("reads the path of a target in absolute form, without its query", () => {
    const bench = watching().request("GET http://venue:80/a/b?signature=c HTTP/1.1\r\n\r\n").reply(OK);
    expect(repliesIn(bench)).toEqual(["200 to GET /a/b"]);
  });
});

describe("an answer of the toxic itself", () => {
  it("is sent before the server's end, when that arrives first", () => {
    const bench = new StageBench(httpAnswer, {});
    bench.request("PUT /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nh").reply("end");
    expect(bench.downstream).toEqual([]);
    bench.request("i");
    expect(bench.received.toString()).toBe(OWN);
    expect(bench.downstream.at(-1)).toBe("end");
  });

  it("is not mixed into a reply without a request", () => {
    const timeout = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 2\r\n\r\n";
    const bench = new StageBench(httpAnswer, {});
    bench.reply(timeout, "n").request(GET("/a")).reply("o");
    expect(bench.received.toString()).toBe(`${timeout}no${OWN}`);
  });

  it("ends the connection when its place is no longer known", () => {
    const bench = new StageBench(httpAnswer, { path: "^/taken" });
    bench.request(GET("/a"), GET("/taken")).reply("no HTTP at all");
    expect(bench.downstream.at(-1)).toBe("close");
    expect(bench.gaveUp).toHaveLength(1);
  });

  it("ends the connection when the toxic is removed before its turn", () => {
    const bench = new StageBench(httpAnswer, { path: "^/taken" });
    bench.request(GET("/a"), GET("/taken")).release();
    expect(bench.downstream).toEqual(["close"]);
  });

  it("is sent in its turn although the client then stops speaking HTTP", () => {
    const bench = new StageBench(httpAnswer, { path: "^/taken" });
    bench.request(GET("/a"), GET("/taken"), "no HTTP at all").reply(OK, "whatever");
    expect(bench.sent.toString()).toBe(`${GET("/a")}no HTTP at all`);
    expect(bench.received.toString()).toBe(`${OK}${OWN}whatever`);
  });
});

describe("a connection that is joined midway", () => {
  it("matches again when the bytes after the first request are not a reply", () => {
    const bench = watching("midway").request(GET("/pipelined")).reply("rest of an older reply");
    bench.request(GET("/next")).reply(OK);
    expect(repliesIn(bench)).toEqual(["200 to GET /next"]);
  });

  it("matches again when there is one reply more than requests", () => {
    const bench = watching("midway").request(GET("/a")).reply(OK, OK);
    bench.request(GET("/b")).reply(OK);
    expect(repliesIn(bench)).toEqual(["200 to GET /a", "200 to GET /b"]);
    expect(bench.release().received.toString()).toBe(OK.repeat(3));
  });

  it("expects the reply to an earlier request before its own", () => {
    const bench = watching("midway").request("half a body", GET("/next")).reply(OK.replace("200", "201"), OK);
    expect(repliesIn(bench)).toEqual(["200 to GET /next"]);
  });

  it("gives up on TLS", () => {
    const bench = watching("midway").request(Buffer.from([0x17, 3, 3, 0, 20]));
    expect(bench.gaveUp).toEqual(["TLS"]);
  });
});
