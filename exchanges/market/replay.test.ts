import { afterEach, expect, it, vi } from "vitest";
import { systemClock } from "../../core/index.ts";
import { Market } from "./market.ts";
import { loadTape } from "./tape/tape-loader.ts";

const FIRST_NS = 1_723_075_200_000_000_000n;
const DAY_NS = 86_400_000_000_000n;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const tradeAt = (ns: bigint, id: number) =>
  `${ns} {"stream":"btcusdt@trade","data":{"e":"trade","E":${ns / 1_000_000n},"s":"BTCUSDT","t":${id},"p":"1.00","q":"1","T":${ns / 1_000_000n},"m":true}}`;

afterEach(() => void vi.restoreAllMocks());

it("waits for a frame that is due in weeks, and does not look again and again", async () => {
  const lines = [
    `${FIRST_NS} {"lastUpdateId":1,"bids":[["0.99","1"]],"asks":[["1.01","1"]]}`,
    tradeAt(FIRST_NS, 1),
    tradeAt(FIRST_NS + 50n * DAY_NS, 2),
  ];
  const chunks = (async function* () {
    yield Buffer.from(`${lines.join("\n")}\n`);
  })();
  const played = Promise.withResolvers<void>();
  const timers = vi.spyOn(globalThis, "setTimeout");
  const market = new Market({
    ...{
      tape: loadTape([{ name: "weeks.jsonl", chunks }]),
      tapeSpeed: 1,
      tapeTime: "live",
      start: "playing",
    },
    clock: systemClock,
    onError: played.reject,
  });
  market.subscribe(() => played.resolve());
  try {
    await played.promise;
    // A busy replay yields between two frames.
    const longestMs = () => Math.max(...timers.mock.calls.map(([, waitMs]) => waitMs ?? 0));
    await expect.poll(longestMs).toBe(LONGEST_TIMER_MS);
  } finally {
    market.stop();
  }
});

it("plays recordings that were not made together on one clock, each from its beginning", async () => {
  const book = (ns: bigint) => `${ns} {"lastUpdateId":1,"bids":[["0.99","1"]],"asks":[["1.01","1"]]}`;
  const source = (symbol: string, ns: bigint) => ({
    name: `${symbol}.jsonl`,
    chunks: (async function* () {
      yield Buffer.from(`${book(ns)}\n${tradeAt(ns, 1).replaceAll("btcusdt", symbol)}\n`);
    })(),
  });
  const failed = Promise.withResolvers<never>();
  const market = new Market({
    tape: loadTape([source("btcusdt", FIRST_NS), source("ethusdt", FIRST_NS + 50n * DAY_NS)]),
    ...{ tapeSpeed: 1, tapeTime: "live", start: "playing", clock: systemClock, onError: failed.reject },
  });
  const tradeMs = new Map<string, number>();
  market.subscribe((event) => {
    if (event.kind === "trade" && !tradeMs.has(event.symbol)) tradeMs.set(event.symbol, event.trade.tradeMs);
  });
  try {
    await Promise.race([expect.poll(() => tradeMs.size, { timeout: 10_000 }).toBe(2), failed.promise]);
    expect(tradeMs.get("ETHUSDT")).toBe(tradeMs.get("BTCUSDT"));
  } finally {
    market.stop();
  }
});
