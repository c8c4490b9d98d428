import { describe, expect, it } from "vitest";
import { silencesWithin } from "./judge-market.ts";
import { judgeScenario } from "./judge-scenario.ts";
import { expecting, soundOutcome } from "./outcome-fixture.ts";

const silence = (symbol: string, startedAtMs: number, endedAtMs: number) => ({
  symbol,
  startedAtMs,
  endedAtMs,
});

/** An experiment in which a feed grew stale: 17 seconds, of which at most 2 are allowed. */
const stale = () => {
  const { measured } = soundOutcome();
  return { ...measured, feedAges: { ...measured.feedAges, "steady-after": { binance: [17.2] } } };
};
const failsOf = ({ checks }: ReturnType<typeof judgeScenario>) =>
  checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);

describe("a market that gave nothing for some time", () => {
  it("is told apart from a platform whose feed grew stale", () => {
    expect(failsOf(judgeScenario(soundOutcome({ measured: stale() })))).toEqual(["fresh feeds after"]);
    const silent = judgeScenario(soundOutcome({ measured: stale(), marketSilences: { ETHUSDT: 17_200 } }));
    expect(failsOf(silent)).toEqual([]);
    const feeds = silent.checks.find(({ name }) => name === "fresh feeds after");
    expect(feeds).toMatchObject({ verdict: "inconclusive" });
    expect(feeds?.received).toContain("but the lab's market gave nothing of ETHUSDT for 17.2 s");
    expect(silent.checks.find(({ name }) => name === "market")).toMatchObject({ verdict: "pass" });
  });

  it("excuses no lost or doubled order", () => {
    const { settled, ...outcome } = soundOutcome({
      ...expecting({ invariants: ["no-duplicate-orders"] }),
      marketSilences: { BTCUSDT: 9_000 },
    });
    if (settled === null) throw new Error("expected a settled state");
    const [venue, ...others] = settled.state.venues;
    const [order] = venue?.orders ?? [];
    if (venue === undefined || order === undefined) throw new Error("expected an order at a venue");
    const venues = [{ ...venue, orders: [...venue.orders, order] }, ...others];
    const doubled = { ...settled, state: { ...settled.state, venues } };
    expect(failsOf(judgeScenario({ ...outcome, settled: doubled }))).toContain("no-duplicate-orders");
  });

  it("counts as far as the experiment lasted", () => {
    const silences = [
      ...[silence("BTCUSDT", 0, 900), silence("BTCUSDT", 2_000, 5_000), silence("BTCUSDT", 6_000, 7_500)],
      silence("ETHUSDT", 9_000, 20_000),
    ];
    expect(silencesWithin(silences, 1_000, 9_000)).toEqual({ BTCUSDT: 3_000, ETHUSDT: 1_000 });
    expect(silencesWithin([], 1_000, 9_000)).toEqual({});
  });
});
