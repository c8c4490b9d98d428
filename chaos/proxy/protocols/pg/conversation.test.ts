import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TOXIC_TYPES } from "../../toxics/registry.ts";
import type { ToxicType } from "../../toxics/toxic-type.ts";
import { query } from "./message-body.ts";
import { PairHarness } from "./testing/pair-harness.ts";
import {
  commitExchange,
  complete,
  cut,
  cuts,
  exchange,
  message,
  type Round,
  ready,
  START_UP,
} from "./testing/traffic.ts";

const NUM_RUNS = 300;
/** The inspected part of a message, a header, and one chunk after it. */
const HELD_LIMIT_BYTES = 160 * 1024;

/** Each toxic, armed with a pattern that never matches. */
const IDLE: readonly (readonly [string, Readonly<Record<string, string | number>>])[] = [
  ["pg_commit_reply_lost", { nth: 1_000_000 }],
  ["pg_error_reply", { pattern: "never \\d never" }],
  ["pg_error_reply", { at: "connect", nth: 1_000_000 }],
  ["pg_query_delay", { pattern: "never \\d never", delay: 60_000 }],
  ["pg_result_cut", { pattern: "never \\d never" }],
];

function typeOf(name: string): ToxicType {
  const type = TOXIC_TYPES.get(name);
  if (type === undefined) throw new Error(`no toxic ${name}`);
  return type;
}

const upOf = (rounds: readonly Round[]) => Buffer.concat(rounds.map(({ up }) => up));
const downOf = (rounds: readonly Round[]) => Buffer.concat(rounds.map(({ down }) => down));

function play(harness: PairHarness, rounds: readonly Round[], seeds: readonly number[]): void {
  for (const { up, down } of rounds) {
    harness.push("upstream", cut(up, seeds));
    harness.push("downstream", cut(down, seeds));
  }
}

describe.each(IDLE)("%s %j, which nothing matches", (name, attributes) => {
  it("passes valid traffic byte for byte, however it is cut, with and without pipelining", () => {
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 6 }), cuts, fc.boolean(), (exchanges, seeds, pipelined) => {
        const harness = new PairHarness(typeOf(name), attributes, "from-start");
        const rounds = exchanges.flat();
        const copies = rounds.length > exchanges.length;
        // COPY needs several turns; everything else can be sent at once.
        const played = pipelined && !copies ? [{ up: upOf(rounds), down: downOf(rounds) }] : rounds;
        play(harness, [...START_UP, ...played], seeds);
        expect(harness.heldBytes).toBe(0);
        expect(harness.gaveUp).toEqual([]);
        expect(harness.bytes("upstream")).toEqual(upOf([...START_UP, ...rounds]));
        expect(harness.bytes("downstream")).toEqual(downOf([...START_UP, ...rounds]));
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it("passes any other bytes unchanged, holds little and releases all of it", () => {
    const noise = fc.array(
      fc.tuple(
        fc.constantFrom("upstream" as const, "downstream" as const),
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
          exchange.map(upOf),
          exchange.map(downOf),
          fc.constant(Buffer.concat([Buffer.from("Q"), Buffer.alloc(4, 0)])),
          fc.constant(Buffer.concat([Buffer.from("Q\x3f\xff\xff\xff", "latin1"), Buffer.alloc(2_000, 65)])),
          fc.constant(Buffer.from([0x16, 3, 1, 2, 0, 1])),
        ),
      ),
      { maxLength: 12 },
    );
    const joins = fc.constantFrom("from-start" as const, "midway" as const);
    fc.assert(
      fc.property(joins, fc.boolean(), noise, cuts, (joined, greeted, items, seeds) => {
        const harness = new PairHarness(typeOf(name), attributes, joined);
        const all = [
          ...(greeted
            ? START_UP.flatMap(({ up, down }) => [["upstream", up] as const, ["downstream", down] as const])
            : []),
          ...items,
        ];
        for (const [stream, bytes] of all) harness.push(stream, cut(bytes, seeds));
        harness.release();
        expect(harness.maxHeldBytes).toBeLessThanOrEqual(HELD_LIMIT_BYTES);
        for (const stream of ["upstream", "downstream"] as const) {
          const expected = Buffer.concat(all.filter(([to]) => to === stream).map(([, bytes]) => bytes));
          expect(harness.bytes(stream)).toEqual(expected);
          expect(harness.endings(stream)).toEqual([]);
        }
      }),
      { numRuns: NUM_RUNS },
    );
  });
});

describe("armed toxics", () => {
  it("find what they look for after any traffic, pipelined or not", () => {
    const last: Round = {
      up: query("the last one"),
      down: Buffer.concat([message("T", "\0\0"), message("D", "row"), complete("SELECT 1"), ready()]),
    };
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 6 }), cuts, fc.boolean(), (exchanges, seeds, pipelined) => {
        const alone = exchanges.filter((rounds) => rounds.length === 1).flat();
        const behind = [...alone, last, commitExchange];
        const rounds = pipelined
          ? [{ up: upOf(behind), down: downOf(behind) }]
          : [...exchanges.flat(), last, commitExchange];
        const cutting = new PairHarness(typeOf("pg_result_cut"), { pattern: "^the last one$" }, "from-start");
        const losing = new PairHarness(typeOf("pg_commit_reply_lost"), {}, "from-start");
        for (const harness of [cutting, losing]) play(harness, [...START_UP, ...rounds], seeds);
        expect([cutting.messages, losing.messages]).toEqual([1, 1]);
        expect(cutting.endings("downstream")).toEqual(["close"]);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it.each([
    ["pg_commit_reply_lost", { how: "hang" }],
    ["pg_commit_reply_lost", { how: "close" }],
    ["pg_error_reply", { reaches: "no" }],
    ["pg_error_reply", { reaches: "yes" }],
    ["pg_query_delay", { delay: 60_000 }],
    ["pg_result_cut", { bytes: 5 }],
  ])("%s %j never throws and holds little, for any bytes", (name, attributes) => {
    fc.assert(
      fc.property(
        fc.array(exchange, { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        cuts,
        (exchanges, changes, seeds) => {
          const harness = new PairHarness(typeOf(name), attributes, "from-start");
          const rounds = exchanges
            .flat()
            .map(({ up, down }) => ({ up: Buffer.from(up), down: Buffer.from(down) }));
          for (const [place, value] of changes) {
            const side = rounds[place % Math.max(rounds.length, 1)]?.[place % 2 === 0 ? "up" : "down"];
            if (side !== undefined && side.length > 0) side[place % side.length] = value;
          }
          play(harness, [...START_UP, ...rounds], seeds);
          harness.release();
          expect(harness.maxHeldBytes).toBeLessThanOrEqual(HELD_LIMIT_BYTES);
        },
      ),
      { numRuns: NUM_RUNS },
    );
  });
});

describe("a connection joined midway", () => {
  const before = fc.array(exchange, { minLength: 1, maxLength: 3 });

  it("is read from the first exchange that begins after the toxic was added, at whatever byte", () => {
    fc.assert(
      fc.property(before, cuts, fc.nat(), (exchanges, seeds, place) => {
        const pieces = exchanges
          .flat()
          .flatMap(({ up, down }) => [
            ...cut(up, seeds).map((bytes) => ["upstream", bytes] as const),
            ...cut(down, seeds).map((bytes) => ["downstream", bytes] as const),
          ]);
        const seen = pieces.slice(place % pieces.length);
        const harness = new PairHarness(typeOf("pg_commit_reply_lost"), {}, "midway");
        for (const [stream, bytes] of seen) harness.push(stream, [bytes]);
        play(harness, [{ up: query("SELECT 1"), down: Buffer.concat([complete("SELECT 1"), ready()]) }], []);
        const beforeCommit = harness.bytes("downstream").length;
        play(harness, [commitExchange], seeds);
        expect(harness.messages).toBe(1);
        expect(harness.bytes("downstream")).toHaveLength(beforeCommit);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it("is read from the first byte on when it was idle", () => {
    const harness = new PairHarness(typeOf("pg_commit_reply_lost"), {}, "midway");
    play(harness, [commitExchange], []);
    expect(harness.messages).toBe(1);
  });

  it("is known to be idle by a ReadyForQuery that comes in pieces", () => {
    const harness = new PairHarness(typeOf("pg_commit_reply_lost"), {}, "midway");
    const end = Buffer.concat([Buffer.from("of a row"), complete("SELECT 1"), ready()]);
    harness.push("downstream", [end.subarray(0, -4), end.subarray(-4, -1), end.subarray(-1)]);
    play(harness, [commitExchange], []);
    expect(harness.messages).toBe(1);
  });

  it("counts as idle only when the client sends whole requests", () => {
    const harness = new PairHarness(typeOf("pg_error_reply"), {}, "midway");
    const bytes = Buffer.concat([query("SELECT 1"), Buffer.from("rest of something")]);
    harness.push("upstream", [bytes]);
    expect(harness.bytes("upstream")).toEqual(bytes);
    expect(harness.messages).toBe(0);
  });

  it("passes again when replies come without a request", () => {
    const harness = new PairHarness(typeOf("pg_commit_reply_lost"), {}, "midway");
    play(harness, [{ up: query("SELECT 1"), down: Buffer.concat([ready(), ready()]) }], []);
    play(harness, [commitExchange], []);
    expect(harness.gaveUp).toEqual([]);
    expect(harness.messages).toBe(0);
    play(harness, [commitExchange], []);
    expect(harness.messages).toBe(1);
  });
});

describe("a connection that cannot be read", () => {
  it.each([
    ["TLS after SSLRequest", [START_UP[0]?.up], Buffer.from("S"), /TLS/],
    ["GSSAPI encryption", [Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30])], Buffer.from("G"), /GSSAPI/],
    [
      "TLS from the first byte",
      [Buffer.from("160301020001000001fc", "hex")],
      undefined,
      /TLS from the first/,
    ],
    ["HTTP", [Buffer.from("GET / HTTP/1.1\r\n\r\n")], undefined, /not PostgreSQL/],
  ])("passes everything and reports the reason: %s", (_, up, down, why) => {
    const harness = new PairHarness(typeOf("pg_error_reply"), {}, "from-start");
    harness.push("upstream", up as Buffer[]);
    harness.push("downstream", down === undefined ? [] : [down, Buffer.from([22, 3, 3, 0, 1, 7])]);
    expect(harness.gaveUp).toEqual([expect.stringMatching(why)]);
    expect(harness.bytes("upstream")).toEqual(Buffer.concat(up as Buffer[]));
    expect(harness.heldBytes).toBe(0);
  });

  it("is not a CancelRequest, which has no answer", () => {
    const harness = new PairHarness(typeOf("pg_error_reply"), {}, "from-start");
    const cancel = Buffer.from([0, 0, 0, 16, 0x04, 0xd2, 0x16, 0x2e, 0, 0, 0, 1, 0, 0, 0, 2]);
    harness.push("upstream", [cancel.subarray(0, 9), cancel.subarray(9)]);
    expect(harness.bytes("upstream")).toEqual(cancel);
    expect(harness.gaveUp).toEqual([]);
  });

  it("is also reported when TLS began before the toxic was added", () => {
    const harness = new PairHarness(typeOf("pg_error_reply"), {}, "midway");
    harness.push("upstream", [Buffer.from("1703030005aabbccddee", "hex")]);
    expect(harness.gaveUp).toEqual([expect.stringMatching(/TLS/)]);
  });

  it("is reported once, with the unknown type", () => {
    const harness = new PairHarness(typeOf("pg_result_cut"), { rows: 9 }, "from-start");
    play(harness, START_UP, []);
    harness.push("downstream", [message("y"), message("?")]);
    expect(harness.gaveUp).toEqual([expect.stringMatching(/server, got one of type "y"/)]);
  });
});
