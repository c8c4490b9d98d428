import { describe, expect, it } from "vitest";
import { soundState } from "../invariants/final-state-fixture.ts";
import type { FinalState } from "../observation/final-state.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { settle } from "./settle.ts";

const NEVER = new AbortController().signal;
const SOUND = soundState();
/** A fill that the platform has not booked yet. */
const LATE: FinalState = { ...SOUND, ledger: { ...SOUND.ledger, fills: [] } };

/** Settles with one state per reading; the last one is repeated. */
async function settled(
  states: readonly FinalState[],
  invariants: Parameters<typeof settle>[1] = ["fills-agree"],
  how: { readonly isExcused?: () => boolean; readonly readingTakesMs?: number } = {},
) {
  const { isExcused = () => false, readingTakesMs = 0 } = how;
  const clock = new ManualClock();
  let readings = 0;
  const read = async () => {
    readings += 1;
    if (readingTakesMs > 0) await clock.sleep(readingTakesMs);
    return states[Math.min(readings, states.length) - 1] ?? SOUND;
  };
  const outcome = await clock.runUntil(settle(read, invariants, { limitMs: 1_000, isExcused }, clock, NEVER));
  return { ...outcome, readings };
}

describe("the final state", () => {
  it("is read once when everything agrees", async () => {
    expect(await settled([SOUND])).toEqual({ state: SOUND, tookMs: 0, limitMs: 1_000, readings: 1 });
  });

  it("is read again until late changes have arrived", async () => {
    expect(await settled([LATE, LATE, SOUND])).toMatchObject({ state: SOUND, tookMs: 200, readings: 3 });
  });

  it("is as it is when the time is over", async () => {
    const { state, tookMs, limitMs } = await settled([LATE]);
    expect(state).toBe(LATE);
    expect(tookMs).toBeGreaterThan(limitMs);
  });

  it("is awaited longer where the platform is late by no fault of its own, and then told to be late", async () => {
    const states = [...Array.from({ length: 30 }, () => LATE), SOUND];
    expect(await settled(states), "on a quiet machine").toMatchObject({ state: LATE });
    const excused = await settled(states, ["fills-agree"], { isExcused: () => true });
    expect(excused).toMatchObject({ state: SOUND, tookMs: 3_000, limitMs: 1_000 });
  });

  it("is as it is in the end, however excused the platform is: what is lost does not come", async () => {
    const { state, tookMs } = await settled([LATE], ["fills-agree"], { isExcused: () => true });
    expect(state).toBe(LATE);
    expect(tookMs).toBeGreaterThan(5_000);
  });

  it("is read once more when its time is over, however long a reading takes", async () => {
    const slow = await settled([LATE, SOUND], ["fills-agree"], { readingTakesMs: 1_500 });
    expect(slow).toMatchObject({ state: SOUND, readings: 2 });
  });

  it("is not waited for when a violation is final", async () => {
    const crossed = [{ venue: "binance", symbol: "BTCUSDT", bid: "2", ask: "1" }];
    const quotes = { ...SOUND.quotes, recorded: { ...SOUND.quotes.recorded, crossed } };
    expect(await settled([{ ...SOUND, quotes }], ["quotes-agree"])).toMatchObject({ readings: 1 });
  });

  it("is kept when a check of it throws, which proves nothing", async () => {
    const fills = SOUND.ledger.fills.map((fill) => ({ ...fill, symbol: "BTCXXX" }));
    const unknown = { ...SOUND, ledger: { ...SOUND.ledger, fills } };
    expect(await settled([unknown], ["balances-agree"])).toMatchObject({ state: unknown, readings: 1 });
  });
});
