import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { httpAnswer } from "../../toxics/http-answer.ts";
import { httpBodyTruncated } from "../../toxics/http-body-truncated.ts";
import { httpReplyDelay } from "../../toxics/http-reply-delay.ts";
import { httpReplyLost } from "../../toxics/http-reply-lost.ts";
import { HTTP_CAPACITY_BYTES } from "./conversation.ts";
import { StageBench } from "./testing/stage-bench.ts";
import { conversations, cut, cuts, type Example } from "./testing/traffic.ts";

const TYPES = [httpAnswer, httpBodyTruncated, httpReplyDelay, httpReplyLost];
const anyType = fc.constantFrom(...TYPES);
const RUNS = { numRuns: 400 };
const plain = (pipelined: boolean) => conversations((index) => `plain/${index}`, { pipelined });

const requestsOf = (groups: readonly Example[][]) =>
  Buffer.concat(groups.flat().map(({ request }) => request));
const repliesOf = (groups: readonly Example[][]) => Buffer.concat(groups.flat().map(({ reply }) => reply));

/** Plays the groups, with each direction cut as the numbers determine. */
function play(
  bench: StageBench,
  groups: readonly Example[][],
  up: readonly number[],
  down: readonly number[],
) {
  for (const group of groups) {
    bench.request(...cut(requestsOf([group]), up));
    bench.reply(...cut(repliesOf([group]), down));
  }
}

describe("valid HTTP/1.1, however it is cut", () => {
  it("passes byte for byte through a toxic that affects none of it, and nothing is held", () => {
    fc.assert(
      fc.property(anyType, plain(true), cuts, cuts, (type, groups, up, down) => {
        const bench = new StageBench(type, { path: "^/taken" });
        play(bench, groups, up, down);
        expect(bench.sent.equals(requestsOf(groups))).toBe(true);
        expect(bench.received.equals(repliesOf(groups))).toBe(true);
        expect({ held: bench.heldBytes, messages: bench.messages, gaveUp: bench.gaveUp }).toEqual({
          held: 0,
          messages: [],
          gaveUp: [],
        });
      }),
      RUNS,
    );
  });

  it("has each reply recognized and matched with its request, pipelined or not", () => {
    fc.assert(
      fc.property(plain(true), cuts, cuts, (groups, up, down) => {
        const bench = new StageBench(httpReplyDelay, {});
        play(bench, groups, up, down);
        expect(bench.messages.map(({ number, what }) => ({ number, what }))).toEqual(
          groups.flat().map(({ method, path, status }, index) => ({
            number: index + 1,
            what: `reply ${status} to ${method} ${path} delayed`,
          })),
        );
        bench.release();
        expect(bench.received.equals(repliesOf(groups))).toBe(true);
      }),
      RUNS,
    );
  });

  it("has the chosen requests answered in their place, and the others by the server", () => {
    const mixed = conversations((index) => `${index % 3 === 1 ? "taken" : "plain"}/${index}`, {
      pipelined: true,
    });
    fc.assert(
      fc.property(mixed, cuts, cuts, (groups, up, down) => {
        const bench = new StageBench(httpAnswer, { path: "^/taken", status: 599 });
        const isTaken = ({ path }: Example) => path.startsWith("/taken");
        for (const group of groups) {
          bench.request(...cut(requestsOf([group]), up));
          bench.reply(...cut(repliesOf([group.filter((example) => !isTaken(example))]), down));
        }
        // A blank line before a request belongs to no message, and passes.
        const left = groups.flat().map((example) => {
          if (!isTaken(example)) return example.request;
          return example.request.subarray(0, example.request.indexOf(example.method));
        });
        const own = "HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n";
        expect(bench.sent.equals(Buffer.concat(left))).toBe(true);
        expect(bench.received.toString("latin1")).toBe(
          groups
            .flat()
            .map((example) => (isTaken(example) ? own : example.reply.toString("latin1")))
            .join(""),
        );
        expect(bench.messages.length).toBe(groups.flat().filter(isTaken).length);
        expect(bench.heldBytes).toBe(0);
      }),
      RUNS,
    );
  });
});

describe("a connection that is joined midway", () => {
  it("passes every byte, whatever had gone through before", () => {
    fc.assert(
      fc.property(
        anyType,
        plain(true),
        cuts,
        cuts,
        fc.nat(),
        fc.nat(),
        (type, groups, up, down, seenUp, seenDown) => {
          const bench = new StageBench(type, { path: "^/taken" }, "midway");
          const [first = [], ...rest] = groups;
          const halfRequests = requestsOf([first]).subarray(seenUp % (requestsOf([first]).length + 1));
          const halfReplies = repliesOf([first]).subarray(seenDown % (repliesOf([first]).length + 1));
          bench.request(...cut(halfRequests, up)).reply(...cut(halfReplies, down));
          play(bench, rest, up, down);
          bench.release();
          expect(bench.sent.equals(Buffer.concat([halfRequests, requestsOf(rest)]))).toBe(true);
          expect(bench.received.equals(Buffer.concat([halfReplies, repliesOf(rest)]))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it("recognizes each later exchange of a client that does not pipeline, with the right reply", () => {
    fc.assert(
      fc.property(plain(false), cuts, fc.nat(), fc.nat(), (groups, down, seenUp, seenDown) => {
        const bench = new StageBench(httpReplyDelay, {}, "midway");
        const [first = [], ...rest] = groups;
        const request = requestsOf([first]);
        // The toxic joined during the request, during the reply, or between them.
        const start = 1 + request.indexOf(first[0]?.method ?? "");
        const sent = start + (seenUp % (request.length - start + 1));
        const replied = sent === request.length ? seenDown % (repliesOf([first]).length + 1) : 0;
        // Without empty pieces, which no socket reads: one after the last byte would announce one more reply.
        bench.request(...cut(request.subarray(sent), []));
        bench.reply(...cut(repliesOf([first]).subarray(replied), down));
        // Each request in one piece, as clients send it; a blank line would be a piece of its own.
        for (const example of rest.flat()) {
          bench.request(example.request.subarray(example.request.indexOf(example.method)));
          bench.reply(...cut(example.reply, down));
        }
        const expected = rest
          .flat()
          .map(({ method, path, status }) => `reply ${status} to ${method} ${path} delayed`);
        expect(bench.messages.map(({ what }) => what)).toEqual(expected);
        expect(bench.gaveUp).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe("traffic that is not HTTP", () => {
  const joined = fc.constantFrom("from-start" as const, "midway" as const);

  it("passes unchanged, for random bytes on both sides, and is not held once that is clear", () => {
    const noise = fc.array(
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      {
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(anyType, joined, noise, noise, (type, how, up, down) => {
        const bench = new StageBench(type, {}, how);
        bench
          .request(...up)
          .reply(...down)
          .request("end")
          .reply("end");
        expect(bench.sent.equals(Buffer.concat(up))).toBe(true);
        expect(bench.received.equals(Buffer.concat(down))).toBe(true);
        expect([bench.upstream.at(-1), bench.downstream.at(-1), bench.heldBytes]).toEqual(["end", "end", 0]);
      }),
      RUNS,
    );
  });

  it("passes unchanged, for valid traffic with bytes changed, lost or cut off", () => {
    const damage = fc.record({
      at: fc.nat(),
      length: fc.nat(20),
      by: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    });
    const damaged = (whole: Buffer, { at, length, by }: { at: number; length: number; by: Buffer }) => {
      const from = at % (whole.length + 1);
      return Buffer.concat([whole.subarray(0, from), by, whole.subarray(from + length)]);
    };
    fc.assert(
      fc.property(
        anyType,
        joined,
        plain(true),
        cuts,
        damage,
        damage,
        (type, how, groups, numbers, one, other) => {
          const bench = new StageBench(type, { path: "^/taken" }, how);
          const requests = damaged(requestsOf(groups), one);
          const replies = damaged(repliesOf(groups), other);
          bench.request(...cut(requests, numbers)).reply(...cut(replies, numbers));
          bench.release();
          expect(bench.sent.equals(requests)).toBe(true);
          expect(bench.received.equals(replies)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it("never makes a toxic that affects everything throw, or hold more than its limit", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(
        "GET / HTTP/1.1\r\n",
        "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
        "\r\n",
        "0\r\n\r\n",
      ),
      fc.constantFrom(
        "HTTP/1.1 200 OK\r\n",
        "Transfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 101 S\r\n\r\n",
        "5\r\nhello",
      ),
      fc.constantFrom("end" as const, "reset" as const),
      fc.constant(Buffer.alloc(80_000, "A")),
    );
    const steps = fc.array(fc.record({ isRequest: fc.boolean(), piece }), { maxLength: 40 });
    fc.assert(
      fc.property(anyType, joined, steps, (type, how, sequence) => {
        const bench = new StageBench(type, {}, how);
        for (const step of sequence) {
          if (step.isRequest) bench.request(step.piece);
          else bench.reply(step.piece);
        }
        expect(bench.maxHeldBytes).toBeLessThan(HTTP_CAPACITY_BYTES);
        bench.release();
        expect(bench.heldBytes).toBe(0);
      }),
      RUNS,
    );
  });
});
