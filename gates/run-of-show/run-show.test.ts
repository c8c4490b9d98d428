import { describe, expect, it } from "vitest";
import { nightClock } from "../first-night/testing/night-clock.ts";
import { type CommandEnd, runShow, type ShowOptions } from "./run-show.ts";
import { showText } from "./show-record.ts";
import { minuteText, type ShowStep, TIMELINE } from "./timeline.ts";

const ZERO_MS = Date.parse("2026-01-01T12:00:00Z");
const PASSED: CommandEnd = { exitCode: 0, said: ["GO"] };

/** Carries out the timeline; commands end as they are told to, all others pass. */
async function show(
  ends: Readonly<Record<string, (signal: AbortSignal) => Promise<CommandEnd>>> = {},
  changes: Partial<ShowOptions> = {},
) {
  const clock = nightClock(ZERO_MS - 31 * 60_000);
  const begun: string[] = [];
  const record = await runShow({
    ...{ release: "v1.4.0", target: "canary", commander: "mara", steps: TIMELINE, zeroAtMs: ZERO_MS },
    ...{ timeScale: 1, goesOn: false, clock, signal: new AbortController().signal },
    commandOf: ({ command }) => `kanit ${command.join(" ")}`,
    run: async ({ name }, signal) => {
      begun.push(`${name} ${new Date(clock.nowMs()).toISOString().slice(11, 16)}`);
      return ends[name]?.(signal) ?? PASSED;
    },
    onStep: async () => undefined,
    ...changes,
  });
  return { record, begun };
}

const failing = () => Promise.resolve({ exitCode: 1, said: ["NO-GO"] });

describe("a run of show", () => {
  it("begins each step at its time", async () => {
    const { record, begun } = await show();
    expect(begun.slice(0, 3)).toEqual(["freeze 11:30", "war-room 11:40", "old-code 11:41"]);
    expect(begun).toEqual(
      expect.arrayContaining([
        ...["preflight 11:50", "blast 11:51", "red-team 11:55", "ritual 11:58", "canary 12:00"],
        ...["snapshot-1 12:14", "snapshot-50 12:59", "snapshot-100 13:29", "first-night 13:30", "lift 13:30"],
      ]),
    );
    expect([record.verdict, record.held]).toEqual(["pass", null]);
  });

  it("holds at a step that must pass and does not, and begins nothing after it", async () => {
    const { record, begun } = await show({ "red-team": failing });
    expect(record.held).toBe("red-team: fail");
    expect(record.verdict).toBe("fail");
    expect(begun.at(-1)).toBe("red-team 11:55");
    expect(showText(record)).toMatch(/^T-02 {5}not begun {5}ritual /m);
  });

  it.each([2, 64, 69, 70, 77, null])("takes exit code %s for inconclusive, and holds", async (exitCode) => {
    const { record } = await show({ preflight: () => Promise.resolve({ exitCode, said: [] }) });
    expect([record.verdict, record.held]).toEqual(["inconclusive", "preflight: inconclusive"]);
  });

  it("goes on after a step that only looks, whose verdict counts all the same", async () => {
    const { record } = await show({ "snapshot-5": failing });
    expect([record.verdict, record.held]).toEqual(["fail", null]);
  });

  it("goes on in a rehearsal, and does not pass", async () => {
    const { record, begun } = await show({ preflight: failing }, { goesOn: true });
    expect(record.held).toBeNull();
    expect(begun).toHaveLength(TIMELINE.length);
    expect(record.verdict).toBe("fail");
  });

  it("holds as soon as the canary has ended badly", async () => {
    const { record, begun } = await show({ canary: failing });
    expect(record.held).toBe("canary: fail");
    expect(begun.some((step) => step.startsWith("first-night"))).toBe(false);
  });

  it("waits for the canary before the first night begins", async () => {
    const canary = Promise.withResolvers<CommandEnd>();
    const order: string[] = [];
    await show({
      canary: () => canary.promise.finally(() => order.push("canary ended")),
      "snapshot-100": async () => {
        canary.resolve(PASSED);
        return PASSED;
      },
      "first-night": async () => {
        order.push("first night");
        return PASSED;
      },
    });
    expect(order).toEqual(["canary ended", "first night"]);
  });

  it("that is interrupted ends the canary, and says where it was", async () => {
    const interruption = new AbortController();
    const { record } = await show(
      {
        canary: (signal) =>
          new Promise((resolve) => {
            signal.addEventListener("abort", () => resolve({ exitCode: 2, said: [] }));
          }),
        "snapshot-1": async () => {
          interruption.abort(new Error("Ctrl-C"));
          return PASSED;
        },
      },
      { signal: interruption.signal },
    );
    expect(record.held).toBe("interrupted in snapshot-1");
    expect(record.verdict).toBe("inconclusive");
    expect(record.steps.find(({ name }) => name === "canary")?.endedAt).not.toBeNull();
  });

  it("tells how late a step began", async () => {
    const late = await show({}, { clock: nightClock(ZERO_MS - 20 * 60_000) });
    expect(showText(late.record)).toMatch(/^T-30 {5}pass .*, 10 min late {2}kanit freeze start/m);
  });
});

describe("the timeline", () => {
  it("is in the order of time, and each step has a name of its own", () => {
    const minutes = TIMELINE.map(({ minute }) => minute);
    expect(minutes).toEqual([...minutes].sort((a, b) => a - b));
    expect(new Set(TIMELINE.map(({ name }) => name)).size).toBe(TIMELINE.length);
  });

  it("has the times of the deployment index", () => {
    const at = (name: string) =>
      minuteText(TIMELINE.find((step) => step.name === name)?.minute ?? Number.NaN);
    const names = ["freeze", "war-room", "preflight", "blast", "red-team", "ritual", "canary", "first-night"];
    expect(names.map(at)).toEqual(["T-30", "T-20", "T-10", "T-09", "T-05", "T-02", "T-00", "T+90"]);
    expect(minuteText(24 * 60 + 90)).toBe("T+25h30");
  });

  it("names for what goes on beside the others the step before which it is awaited", () => {
    const beside = TIMELINE.filter((step): step is ShowStep => typeof step.end === "object");
    for (const { end, name } of beside) {
      const before = typeof end === "object" ? end.step : "";
      const steps = TIMELINE.map((step) => step.name);
      expect(steps.indexOf(before)).toBeGreaterThan(steps.indexOf(name));
    }
  });
});
