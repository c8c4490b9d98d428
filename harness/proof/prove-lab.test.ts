import { describe, expect, it } from "vitest";
import { VENUE_LINK_NAMES, VENUE_NAMES, type VenueName } from "../../venues/index.ts";
import { startFakePostgres } from "../testing/fake-postgres.ts";
import { type FakeBooks, startFakeVenues } from "../testing/fake-venues.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { LabProofOptions } from "./lab-proof-options.ts";
import { proveClock } from "./prove-clock.ts";
import { proveDatabase } from "./prove-database.ts";
import { proveFeeds } from "./prove-feeds.ts";
import { proveLab } from "./prove-lab.ts";
import { proveMarket } from "./prove-market.ts";
import { proveRestLinks } from "./prove-rest-links.ts";

const NOW_MS = Date.UTC(2025, 5, 1, 12);
const MOVING: readonly FakeBooks[] = [
  {},
  { BTCUSDT: "100" },
  { BTCUSDT: "100", ETHUSDT: "10" },
  { BTCUSDT: "101", ETHUSDT: "10" },
  { BTCUSDT: "101", ETHUSDT: "11" },
];
const depth = (symbol: string) => ({ stream: "x", data: { e: "depthUpdate", s: symbol } });
const change = (symbol: string) => [432, { PS: symbol }];
const quote = (symbol: string) => ({ type: "quote", symbol });
const FLOWING = [
  ...["BTCUSDT", "ETHUSDT"].flatMap((symbol) => [depth(symbol), change(symbol)]),
  ...["THYAO", "GARAN", "ASELS"].map(quote),
];

/** What is wrong with a lab; absent parts are well. */
interface LabDefects {
  readonly books?: readonly FakeBooks[];
  readonly feed?: readonly unknown[];
  /** A link where nothing listens. */
  readonly deadLink?: string;
  readonly databaseAheadMs?: number;
  readonly venues?: readonly VenueName[];
  readonly symbols?: readonly string[];
  /** Whether the deadline of a feed comes when all its messages were received. */
  readonly isLate?: boolean;
}

/** The deadline of a feed; every other sleep is shorter. */
const DEADLINE_MS = 10_000;

/**
 * Each short sleep lets time pass immediately: requests take real time, which this clock does not count. A feed's
 * deadline comes when the test says.
 */
function quickClock(
  deadline: Promise<void> = Promise.withResolvers<void>().promise,
): LabProofOptions["clock"] {
  const clock = new ManualClock();
  const startMs = clock.monotonicMs();
  const sleep = async (durationMs: number) => {
    if (durationMs === DEADLINE_MS) return deadline;
    const asleep = clock.sleep(durationMs);
    await clock.runUntil(asleep);
  };
  const monotonicMs = () => clock.monotonicMs() - startMs;
  return { nowMs: () => NOW_MS + monotonicMs(), monotonicMs, sleep };
}

async function prove(
  proof: (options: LabProofOptions) => Promise<void>,
  defects: LabDefects = {},
): Promise<void> {
  await using venues = await startFakeVenues(defects.books ?? MOVING, defects.feed ?? FLOWING);
  await using database = await startFakePostgres(() => String(NOW_MS + (defects.databaseAheadMs ?? 0)));
  const dead = (link: string, host: string) => (link === defects.deadLink ? "127.0.0.1:1" : host);
  const links = {
    ...Object.fromEntries(VENUE_LINK_NAMES.map((link) => [link, dead(link, venues.host)])),
    postgres: dead("postgres", database.host),
  };
  await proof({
    addresses: {
      venueControl: `http://${venues.host}`,
      databaseUrl: `postgresql://kanit@${database.host}/spark`,
      poolerUrl: `postgresql://kanit@${dead("pgbouncer", database.host)}/spark`,
      links: links as LabProofOptions["addresses"]["links"],
    },
    venues: defects.venues ?? VENUE_NAMES,
    traded: ["BTCUSDT"],
    symbols: defects.symbols ?? ["BTCUSDT", "ETHUSDT"],
    clock: quickClock(defects.isLate === true ? venues.received : undefined),
    signal: new AbortController().signal,
  });
}

describe("the proof of a lab", () => {
  it("passes where the market of every symbol moves and everything answers", async () => {
    await expect(prove(proveLab)).resolves.toBeUndefined();
  });

  it("names the market first, since without it no feed sends anything", async () => {
    await expect(prove(proveLab, { books: [{}], deadLink: "postgres" })).rejects.toMatchObject({
      code: "market-without-symbol",
    });
  });

  it("ends with its signal", async () => {
    const reason = new Error("stopped");
    const interrupted = (options: LabProofOptions) =>
      proveLab({ ...options, signal: AbortSignal.abort(reason) });
    await expect(prove(interrupted)).rejects.toBe(reason);
  });
});

describe("the proof of the market", () => {
  it("names each symbol that is missing, and what is there", async () => {
    await expect(prove(proveMarket, { books: [{ ETHUSDT: "100" }] })).rejects.toMatchObject({
      code: "market-without-symbol",
      exitCode: 69,
      message: "Expected the lab's market to have BTCUSDT, which the load trades, got ETHUSDT within 10 s.",
    });
  });

  it("names each symbol whose prices stand still", async () => {
    const books = [
      { BTCUSDT: "100", ETHUSDT: "10" },
      { BTCUSDT: "101", ETHUSDT: "10" },
    ];
    await expect(prove(proveMarket, { books })).rejects.toMatchObject({
      code: "market-stands-still",
      message: expect.stringContaining("the best prices of ETHUSDT did not change within 10 s"),
    });
  });

  it("asks a recording of one symbol for no other", async () => {
    const books = [{ BTCUSDT: "100" }, { BTCUSDT: "100" }, { BTCUSDT: "101" }];
    const feed = [depth("BTCUSDT"), change("BTCUSDT"), ...["THYAO", "GARAN", "ASELS"].map(quote)];
    await expect(prove(proveLab, { books, feed, symbols: ["BTCUSDT"] })).resolves.toBeUndefined();
  });

  it("is about the venues that the platform trades", async () => {
    await expect(prove(proveMarket, { books: [{}], venues: ["bist"] })).resolves.toBeUndefined();
  });
});

describe("the proof of the links", () => {
  it.each([
    ["btcturk-rest", proveRestLinks],
    ["binance-ws", proveFeeds],
    ["bist-ws", proveFeeds],
    ["pgbouncer", proveDatabase],
    ["postgres", proveDatabase],
  ])("names %s when it carries nothing", async (deadLink, proof) => {
    await expect(prove(proof, { deadLink })).rejects.toMatchObject({
      code: "link-carries-nothing",
      exitCode: 69,
      message: expect.stringContaining(`through the link ${deadLink}, got: `),
    });
  });

  it("names each feed and what it did not send", async () => {
    const only = (venues: readonly VenueName[], ...feed: readonly unknown[]) =>
      prove(proveFeeds, { venues, feed, isLate: true });
    await expect(only(["binance"], depth("BTCUSDT"))).rejects.toMatchObject({
      code: "feed-without-market",
      message:
        "Expected changes of BTCUSDT, ETHUSDT through the link binance-ws within 10 s, got those of BTCUSDT only.",
    });
    const snapshots = [431, { PS: "BTCUSDT" }];
    await expect(only(["btcturk"], snapshots)).rejects.toMatchObject({
      message: expect.stringContaining("through the link btcturk-ws within 10 s, got none."),
    });
  });

  it("does not ask for links of venues that the platform does not trade", async () => {
    for (const proof of [proveRestLinks, proveFeeds]) {
      await expect(prove(proof, { deadLink: "btcturk-rest", venues: ["binance"] })).resolves.toBeUndefined();
    }
  });
});

describe("the proof of the clocks", () => {
  it("notices a database whose clock differs", async () => {
    await expect(prove(proveDatabase, { databaseAheadMs: 120_000 })).rejects.toMatchObject({
      code: "clocks-differ",
      message: "Expected the database's clock to agree with this machine's, got 2 min ahead of it.",
    });
  });

  it("notices a clock of this machine that is set", async () => {
    let setBackMs = 0;
    const clock = {
      ...quickClock(),
      nowMs: () => NOW_MS - setBackMs,
      monotonicMs: () => 0,
      sleep: async () => {
        setBackMs = 3_600_000;
      },
    };
    await expect(prove((options) => proveClock({ ...options, clock }))).rejects.toMatchObject({
      code: "clock-runs-unevenly",
      message: "Expected this machine's clock to run evenly, got a jump of 60 min back within 250 ms.",
    });
  });
});
