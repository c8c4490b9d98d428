import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, UnavailableError } from "../../core/index.ts";
import { memoryFiling } from "../testing/memory-filing.ts";
import { readRollbackJournal } from "./rollback-journal.ts";
import { rehearse, thisProcess, WELL } from "./testing/rehearsed-rollback.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kanit-rollback-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ILL = { standing: "ill", lines: ["5xx rate is 7 %"] } as const;
const UNKNOWN = { standing: "unknown", lines: ["no metrics"] } as const;

/** A clock that moves only when somebody sleeps. */
function sleptClock(): Clock {
  let nowMs = 1_700_000_000_000;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async (durationMs) => {
      nowMs += durationMs;
    },
  };
}

const acts = async () => (await readFile(join(folder, "acts"), "utf8")).trim().split("\n");

describe("a rollback", () => {
  it("takes its steps in their order, waits until users are well, and files what it did", async () => {
    const filing = memoryFiling();
    const { kind, verdict, state } = await rehearse({ folder, options: { openFiling: async () => filing } });
    expect({ kind, verdict }).toEqual({ kind: "performed", verdict: "pass" });
    expect(await acts()).toEqual(["traffic", "kill-switch", "previous-version"]);
    expect(state.folder).toBe("memory");
    expect(filing.files.get("rollback_v1.4.0.txt")?.text).toContain("by hand: by hand traffic");
    expect(filing.files.get("rollback_journal.jsonl")?.text).toContain('"kind":"step.done"');
    expect(filing.ending()).toEqual({ verdict: "pass", problems: [] });
  });

  it("stops its clock when users are well, and not when the last command returned", async () => {
    const clock = sleptClock();
    const readings = [ILL, ILL, WELL, ILL, WELL, WELL, WELL];
    const { state } = await rehearse({ folder, clock, readUsers: () => readings.shift() ?? ILL });
    // Seven readings, a second apart; three good ones in a row are needed.
    expect((state.ending?.wellAtMs ?? 0) - state.request.atMs).toBe(6_000);
  });

  it("fails when users are not well after five minutes", async () => {
    const { verdict, state } = await rehearse({ folder, clock: sleptClock(), readUsers: () => ILL });
    expect(verdict).toBe("fail");
    expect(state.ending?.reasons).toEqual(["users were not well after 5 min: 5xx rate is 7 %"]);
  });

  it("fails when users are well, but after more than five minutes", async () => {
    const clock = sleptClock();
    const onStep = async (name: string) => {
      if (name === "previous-version") await clock.sleep(320_000);
    };
    const { verdict, state } = await rehearse({ folder, clock, onStep });
    expect(verdict).toBe("fail");
    expect(state.ending?.reasons).toEqual(["users were well after 5 min 22 s, which is more than 5 min"]);
  });

  it("is inconclusive when nobody can say how users are", async () => {
    const { verdict, state } = await rehearse({ folder, clock: sleptClock(), readUsers: () => UNKNOWN });
    expect(verdict).toBe("inconclusive");
    expect(state.ending?.reasons).toEqual(["nobody knows whether users are well: no metrics"]);
  });

  it("tries a step again, goes on with the next ones when it fails, and then does not pass", async () => {
    const onStep = (name: string) => {
      if (name === "traffic") throw new Error("the balancer is away");
    };
    const { verdict, state } = await rehearse({ folder, onStep });
    expect(verdict).toBe("fail");
    const tries = ["traffic", "traffic", "traffic"];
    expect(await acts()).toEqual([...tries, "kill-switch", "previous-version", ...tries]);
    expect(state.ending?.reasons).toEqual(["traffic was not done: the balancer is away"]);
  });

  it("takes a step at last that waited for the version before", async () => {
    let isUp = false;
    const onStep = (name: string) => {
      if (name === "previous-version") isUp = true;
      if (name === "traffic" && !isUp) throw new Error("stable does not answer");
    };
    expect((await rehearse({ folder, onStep })).verdict).toBe("pass");
  });

  it("keeps its verdict when the evidence cannot be written, and files it the next time", async () => {
    const full = new UnavailableError({ code: "disk-full", message: "The disk is full.", nextStep: "Free." });
    const first = await rehearse({
      folder,
      onStep: () => {
        throw new Error("refused");
      },
      options: { openFiling: () => Promise.reject(full) },
    });
    expect(first.verdict).toBe("fail");
    expect(first.problems).toEqual(["The disk is full. Free."]);
    expect((await rehearse({ folder })).verdict).toBe("pass");
  });
});

describe("a second rollback", () => {
  it("finds the first one done, and changes nothing", async () => {
    await rehearse({ folder });
    const second = await rehearse({ folder });
    expect(second).toMatchObject({ kind: "already-done", verdict: "pass" });
    expect(await acts()).toHaveLength(3);
  });

  it.each([
    ["the kill switch is on again", { isInEffect: () => false }],
    ["it is asked for all steps again", { options: { isAgain: true } }],
  ])("takes all steps when %s", async (_, changes) => {
    await rehearse({ folder });
    expect(await rehearse({ folder, ...changes })).toMatchObject({ kind: "performed", verdict: "pass" });
    expect(await acts()).toHaveLength(6);
  });

  it("takes all steps when users are not well, since that is why somebody asks", async () => {
    await rehearse({ folder });
    const readings = [ILL, WELL, WELL, WELL];
    const second = await rehearse({ folder, readUsers: () => readings.shift() ?? ILL });
    expect(second.kind).toBe("performed");
  });

  it("is refused in one line while the first one goes on, with who holds it", async () => {
    const refusals: string[] = [];
    await rehearse({
      folder,
      onStep: async (name) => {
        if (name !== "kill-switch") return;
        await rehearse({ folder, holder: thisProcess("ali") }).catch((error: Error) =>
          refusals.push(error.message),
        );
      },
    });
    expect(refusals).toEqual([
      expect.stringMatching(
        /^Expected to roll back alone, but mara does so on \S+, process \d+, for [^(]+ \(P95 rose, at 25 %\)\.$/,
      ),
    ]);
    expect(await acts()).toHaveLength(3);
  });

  it("takes over from a process that has ended; had that one only slept, its next step is refused", async () => {
    const slept = rehearse({
      folder,
      onStep: async (name) => {
        if (name !== "kill-switch") return;
        expect(await rehearse({ folder, isAlive: async () => false })).toMatchObject({ kind: "resumed" });
      },
    });
    await expect(slept).rejects.toMatchObject({ code: "rollback-taken-over", exitCode: 77 });
    const { entries } = await readRollbackJournal(join(folder, "journal"));
    expect(entries.filter(({ kind }) => kind === "rollback.ended")).toHaveLength(1);
  });

  it("does not continue one that was killed long ago", async () => {
    const clock = sleptClock();
    const killed = new AbortController();
    const onStep = () => killed.abort(new Error("killed"));
    const dies = rehearse({ folder, clock, onStep, options: { signal: killed.signal } });
    await expect(dies).rejects.toThrow("killed");
    await clock.sleep(1_800_000);
    const next = await rehearse({ folder, clock });
    expect(next).toMatchObject({ kind: "performed", verdict: "pass" });
    expect(next.state.request.atMs).toBe(clock.nowMs() - 2_000);
  });
});

describe("the journal of rollbacks", () => {
  it("is not continued when somebody changed a line", async () => {
    await rehearse({ folder });
    const path = join(folder, "journal", "000001.json");
    await writeFile(path, (await readFile(path, "utf8")).replace("P95 rose", "P95 fell"));
    await expect(rehearse({ folder })).rejects.toMatchObject({ code: "rollback-journal-broken" });
  });
});
