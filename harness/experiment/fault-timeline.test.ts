import { describe, expect, it } from "vitest";
import type { ActiveFault, Fault } from "../../chaos/index.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { FaultTimeline } from "./fault-timeline.ts";
import type { ScheduledFault } from "./scenario.ts";

const NEVER = new AbortController().signal;
type FaultBite = Awaited<ReturnType<ActiveFault["bite"]>>;

const BITE: FaultBite = { kind: "counted", connections: 1, bytes: 0, messages: null };

const scheduled = (link: string, afterMs: number, forMs: number): ScheduledFault => ({
  fault: { kind: "down", link },
  afterMs,
  forMs,
  maxBites: null,
});

interface Powers {
  readonly heal: (link: string) => Promise<void>;
  readonly bite: (link: string) => Promise<FaultBite>;
  readonly refuses: string;
}

/** A timeline of these faults, on a clock that the test advances; `log` has the events with their times. */
function play(faults: readonly ScheduledFault[], powers: Partial<Powers> = {}) {
  const clock = new ManualClock();
  const startMs = clock.nowMs();
  const now = () => clock.nowMs() - startMs;
  const log: string[] = [];
  const inject = async (fault: Fault): Promise<ActiveFault> => {
    if (fault.link === powers.refuses) throw new Error(`no link ${fault.link}`);
    const heal = () => powers.heal?.(fault.link) ?? Promise.resolve();
    return {
      fault,
      label: fault.link,
      heal,
      bite: () => powers.bite?.(fault.link) ?? Promise.resolve(BITE),
      [Symbol.asyncDispose]: heal,
    };
  };
  const timeline = new FaultTimeline({
    faults,
    inject,
    clock,
    now,
    onInjected: (label, atMs) => log.push(`${label} comes at ${atMs}`),
    onHealed: (label, atMs) => log.push(`${label} goes at ${atMs}`),
  });
  return { clock, timeline, log };
}

describe("the timeline of faults", () => {
  it("injects and heals each fault at its time", async () => {
    const { clock, timeline, log } = play([scheduled("a", 0, 300), scheduled("b", 100, 100)]);
    const end = timeline.play(NEVER);
    await clock.runUntil(end);
    expect(log).toEqual(["a comes at 0", "b comes at 100", "b goes at 200", "a goes at 300"]);
    const played = await timeline.played();
    expect(played.map(({ scheduled: { forMs }, record }) => [record.label, forMs])).toEqual([
      ["a", 300],
      ["b", 100],
    ]);
    expect(played[0]?.record).toEqual({
      ...{ label: "a", kind: "down", link: "a", injectedAtMs: 0, healedAtMs: 300, bite: BITE },
    });
  });

  it("stops when one cannot be injected, and leaves the others to be healed", async () => {
    const { clock, timeline, log } = play([scheduled("a", 0, 300), scheduled("b", 100, 100)], {
      refuses: "b",
    });
    await expect(clock.runUntil(timeline.play(NEVER))).rejects.toThrow("no link b");
    expect(log).toEqual(["a comes at 0"]);
    await timeline.healAll();
    expect(log).toEqual(["a comes at 0", "a goes at 100"]);
    const played = await timeline.played();
    expect(played.map(({ record }) => record.label)).toEqual(["a"]);
  });

  it("ends at once when it is aborted, and heals what is open once", async () => {
    const { clock, timeline, log } = play([scheduled("a", 0, 300), scheduled("b", 200, 100)]);
    const stop = new AbortController();
    const end = timeline.play(stop.signal);
    await clock.idle();
    stop.abort(new Error("stopped by hand"));
    await expect(end).rejects.toThrow("stopped by hand");
    await timeline.healAll();
    await timeline.healAll();
    expect(log).toEqual(["a comes at 0", "a goes at 0"]);
  });

  it("heals every other fault when one cannot be healed, which stays open on record", async () => {
    const heal = async (link: string) => {
      if (link === "a") throw new Error("the proxy is gone");
    };
    const { clock, timeline } = play([scheduled("a", 0, 900), scheduled("b", 0, 900)], { heal });
    const stop = new AbortController();
    const end = timeline.play(stop.signal).catch(() => undefined);
    await clock.idle();
    stop.abort();
    await end;
    await expect(timeline.healAll()).rejects.toThrow("the proxy is gone");
    const played = await timeline.played();
    expect(played.map(({ record }) => [record.label, record.healedAtMs])).toEqual([
      ["a", null],
      ["b", 0],
    ]);
  });

  it("has an unknown bite when the fault cannot be read", async () => {
    const bite = async () => {
      throw new Error("no counters");
    };
    const { clock, timeline } = play([scheduled("a", 0, 100)], { bite });
    await clock.runUntil(timeline.play(NEVER));
    const [played] = await timeline.played();
    expect(played?.record.bite).toEqual({ kind: "unknown", why: "no counters" });
  });
});
