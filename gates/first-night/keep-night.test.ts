import { describe, expect, it } from "vitest";
import type { HourFinding } from "./check-hour.ts";
import { readHourLog } from "./hour-log.ts";
import { keepNight, type NightOptions } from "./keep-night.ts";
import { beginNight, checkContinued, hourLogName, readPlan } from "./night-plan.ts";
import { type NightArchive, nightArchive } from "./testing/night-archive.ts";
import { type NightClock, nightClock } from "./testing/night-clock.ts";

const HOUR_MS = 3_600_000;
// The night in which summer time ends in Europe.
const BEGIN_MS = Date.parse("2026-10-24T20:00:00Z");

const CALM: HourFinding = {
  ...{ verdict: "pass", problems: [], missing: [], requests: 1_000, burns: [], budgets: [] },
  signals: [{ id: "api_latency_p95", value: 0.1, standing: "within", limit: "at most 0.2" }],
};
const ILL: HourFinding = { ...CALM, verdict: "fail", problems: ["api_latency_p95: 0.4"] };

interface Night {
  readonly clock: NightClock;
  readonly archive: NightArchive;
  /** The hours that were checked, by when they were over. */
  readonly checkedAt: string[];
  readonly lines: string[];
  /** Keeps the night, as one process does. */
  keep(changes?: Partial<NightOptions>): ReturnType<typeof keepNight>;
}

async function beginAt(startMs = BEGIN_MS, timeScale = 1): Promise<Night> {
  const clock = nightClock(startMs);
  const archive = nightArchive(clock.nowMs);
  const { evidence, openFiling, filedSpots } = archive;
  const plan = await beginNight({ release: "v1.4.0", timeScale, openFiling, clock });
  const checkedAt: string[] = [];
  const lines: string[] = [];
  return {
    ...{ clock, archive, checkedAt, lines },
    keep: (changes = {}) =>
      keepNight({
        ...{ plan, evidence, openFiling, filedSpots, clock, target: "canary" },
        checkHour: async () => {
          checkedAt.push(new Date(clock.nowMs()).toISOString());
          return CALM;
        },
        lookAtContracts: async () => ({ verdict: "pass", lines: ["pass  binance-spot"] }),
        signal: new AbortController().signal,
        onLine: (line) => void lines.push(line),
        onVerdict: () => undefined,
        ...changes,
      }),
  };
}

const recordOf = ({ archive }: Night, hour: number) =>
  readHourLog(archive.files.get(hourLogName(hour)) ?? "");

/** Keeps the night until these many hours are checked, and ends as a killed process does: with nothing more. */
async function keepUntil(night: Night, hours: number): Promise<void> {
  const killed = new AbortController();
  const kept = night.keep({
    signal: killed.signal,
    checkHour: async () => {
      if (night.checkedAt.length === hours) killed.abort(new Error("killed"));
      killed.signal.throwIfAborted();
      night.checkedAt.push(new Date(night.clock.nowMs()).toISOString());
      return CALM;
    },
  });
  await expect(kept).rejects.toThrow("killed");
}

describe("a first night", () => {
  it("is checked at the end of each of 24 hours, also where summer time ends", async () => {
    const night = await beginAt();
    const { verdict, findings } = await night.keep();
    expect({ verdict, findings }).toEqual({ verdict: "pass", findings: [] });
    const ends = Array.from({ length: 24 }, (_, hour) =>
      new Date(BEGIN_MS + (hour + 1) * HOUR_MS).toISOString(),
    );
    expect(night.checkedAt).toEqual(ends);
    expect(night.archive.files.get("stability_report_24h.md")).toContain("24 of 24 hours were checked");
    const spots = [...night.archive.files.keys()].filter((name) => name.startsWith("contract_spot_"));
    expect(spots).toEqual([0, 6, 12, 18, 23].map((hour) => `contract_spot_${stamp(ends[hour] ?? "")}.txt`));
  });

  it("chains its logs: each names the one before it by its digest", async () => {
    const night = await beginAt();
    await night.keep();
    expect(recordOf(night, 0)?.previous).toBeNull();
    expect(recordOf(night, 23)?.previous).toMatchObject({ name: "hourly_log_22.txt" });
  });

  it("that was killed is gone on with: no hour is checked twice, none is missed", async () => {
    const night = await beginAt();
    await keepUntil(night, 5);
    const { verdict } = await night.keep();
    expect(verdict).toBe("pass");
    expect(new Set(night.checkedAt).size).toBe(24);
    expect(night.checkedAt).toHaveLength(24);
  });

  it("tells the hours that nobody checked, in the next log and in the report, and does not pass", async () => {
    const night = await beginAt();
    await keepUntil(night, 5);
    night.clock.advance(3 * HOUR_MS);
    const { verdict, findings } = await night.keep();
    expect(verdict).toBe("inconclusive");
    expect(findings).toEqual([5, 6, 7].map((hour) => `hour 0${hour} was not checked`));
    expect(night.archive.files.has("hourly_log_06.txt")).toBe(false);
    expect(recordOf(night, 8)).toMatchObject({ missed: [5, 6, 7], previous: { name: "hourly_log_04.txt" } });
    expect(night.archive.files.get("stability_report_24h.md")).toContain("| 06 | **not checked**");
  });

  it("does not check an hour late: a machine that slept over its end has missed it", async () => {
    const night = await beginAt();
    let isAsleep = true;
    const clock: NightClock = {
      ...night.clock,
      sleep: async (durationMs, signal) => {
        await night.clock.sleep(durationMs, signal);
        if (isAsleep) night.clock.advance(1.5 * HOUR_MS);
        isAsleep = false;
      },
    };
    const { findings } = await night.keep({ clock });
    expect(findings).toEqual(["hour 00 was not checked"]);
  });

  it("fails by a failed hour, whatever is missing besides", async () => {
    const night = await beginAt();
    let hour = -1;
    const { verdict, findings } = await night.keep({
      checkHour: async () => {
        hour += 1;
        if (hour === 7) throw new Error("no route to host");
        return hour === 3 ? ILL : CALM;
      },
    });
    expect(verdict).toBe("fail");
    expect(findings).toEqual([
      "hour 03: fail: api_latency_p95: 0.4",
      "hour 07: inconclusive: no route to host",
    ]);
  });

  it("finds a log that was changed, also where its record was changed with it", async () => {
    const night = await beginAt();
    await night.keep();
    const { files } = night.archive;
    const sound = files.get("hourly_log_09.txt") ?? "";
    files.set("hourly_log_09.txt", sound.replaceAll("0.1", "0.2"));
    expect(await night.keep()).toEqual({
      verdict: "inconclusive",
      findings: ["hourly_log_10.txt does not follow hourly_log_09.txt as it is filed"],
    });
    files.set("hourly_log_09.txt", sound.replace("0.1", "0.2"));
    expect((await night.keep()).findings).toContain("hourly_log_09.txt is no log of an hour, or was changed");
  });

  it("counts a log of another night as none", async () => {
    const first = await beginAt();
    await first.keep();
    const second = await beginAt(BEGIN_MS + 48 * HOUR_MS);
    for (const [name, text] of first.archive.files) {
      if (name.startsWith("hourly_log_")) second.archive.files.set(name, text);
    }
    await second.keep();
    expect(second.checkedAt).toHaveLength(24);
  });

  it("without a look at the contracts does not pass", async () => {
    const { verdict, findings } = await (await beginAt()).keep({ lookAtContracts: null });
    expect([verdict, findings]).toEqual(["inconclusive", ["no contract spot check is filed"]]);
  });

  it("that is a rehearsal says so in each log, and is not gone on with as a night", async () => {
    const night = await beginAt(BEGIN_MS, 300);
    await night.keep();
    expect(night.archive.files.get("hourly_log_00.txt")).toContain("a rehearsal, 300 times as fast");
    const plan = await readPlan(night.archive.evidence);
    if (plan === null) throw new Error("Expected a plan.");
    expect(() => checkContinued(plan, 1)).toThrow("Expected time scale 300");
    expect(checkContinued(plan, 300)).toBe(plan);
  });
});

/** `20261024T210000Z` */
function stamp(at: string): string {
  return at.replaceAll(/[-:]|\.\d+/g, "");
}
