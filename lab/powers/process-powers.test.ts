import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/test-directory.ts";
import { type ProcessControl, ProcessPowers } from "./process-powers.ts";

const LONG_MS = 60_000;

/** Two processes of which the platform is restarted; `did` records what was done to them. */
function control(changes: Partial<ProcessControl> = {}) {
  const did: string[] = [];
  const given: ProcessControl = {
    names: () => ["spark", "postgres"],
    platform: "spark",
    hold: async (process) => {
      did.push(`stop ${process}`);
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const release = async () => {
        did.push(`continue ${process}`);
        resolve();
      };
      return { over, release };
    },
    kill: async (process) => void did.push(`kill ${process}`),
    restarts: { spark: async () => void did.push("start spark") },
    readCpu: async () => new Map([["spark", 0.5]]),
    readStopped: async () => [],
    clock: null,
    stopping: new AbortController().signal,
    ...changes,
  };
  return { did, powers: new ProcessPowers(given) };
}

describe("the powers over a lab", () => {
  it("list what is paused, until it is resumed", async () => {
    const { powers } = control();
    const pause = await powers.pausing.pause("postgres", LONG_MS);
    expect(powers.interruptions()).toMatchObject([{ kind: "paused", process: "postgres" }]);
    await pause.resume();
    expect(powers.interruptions()).toEqual([]);
  });

  it("report a process that somebody else stopped, and none that was paused by them or killed", async () => {
    const { powers } = control({ readStopped: async () => ["spark", "postgres"] });
    expect(await powers.stopReading.readStopped()).toEqual(["spark", "postgres"]);
    const pause = await powers.pausing.pause("postgres", LONG_MS);
    expect(await powers.stopReading.readStopped()).toEqual(["spark"]);
    const reading = powers.stopReading.readStopped();
    await pause.resume();
    expect(await reading).toEqual(["spark"]);
  });

  it("do not pause twice: the first resume would end both", async () => {
    const { powers } = control();
    await powers.pausing.pause("platform", LONG_MS);
    expect(await failureOf(() => powers.pausing.pause("platform", LONG_MS))).toMatchObject({
      code: "already-paused",
      exitCode: 64,
    });
  });

  it.each(["pause", "kill"] as const)("name the processes that can be used to %s", async (verb) => {
    const { powers, did } = control();
    const attempt = () =>
      verb === "pause" ? powers.pausing.pause("oracle", LONG_MS) : powers.killing.kill("oracle", 0);
    const failure = await failureOf(attempt);
    expect(failure).toMatchObject({ code: "unknown-process", exitCode: 64 });
    expect(failure.nextStep).toContain("spark, postgres");
    expect(did).toEqual([]);
  });

  it("restart the platform after it was killed", async () => {
    const { powers, did } = control();
    expect(await powers.killing.kill("platform", 0)).toMatchObject({ kind: "started-again" });
    expect(did).toEqual(["kill spark", "start spark"]);
    expect(powers.interruptions()).toEqual([]);
  });

  it("leave a process dead that nothing restarts, and then refuse a reset", async () => {
    const { powers, did } = control();
    expect(await powers.killing.kill("postgres", 0)).toEqual({ kind: "dead", process: "postgres" });
    expect(powers.interruptions()).toEqual([{ kind: "killed", process: "postgres" }]);
    const failure = await failureOf(() => powers.withWholeLab(async () => did.push("reset")));
    expect(failure).toMatchObject({ code: "lab-incomplete", exitCode: 69 });
    expect(did).toEqual(["kill postgres"]);
  });

  it("leave a process dead until its fault heals, and start it again before a reset when it does not", async () => {
    const { powers, did } = control();
    const first = await powers.killing.takeDown("platform");
    expect(powers.interruptions()).toEqual([{ kind: "killed", process: "spark" }]);
    await first.startAgain();
    await first.startAgain();
    expect(did).toEqual(["kill spark", "start spark"]);
    await powers.killing.takeDown("platform");
    await powers.withWholeLab(async () => did.push("reset"));
    expect(did.slice(2)).toEqual(["kill spark", "start spark", "reset"]);
  });

  it("do not take down what they cannot start again", async () => {
    const { powers, did } = control();
    const failure = await failureOf(() => powers.killing.takeDown("postgres"));
    expect(failure).toMatchObject({ code: "nothing-restarts", exitCode: 64 });
    expect(failure.nextStep).toContain("spark");
    expect(did).toEqual([]);
  });

  it("end every pause before a reset", async () => {
    const { powers, did } = control();
    await powers.pausing.pause("postgres", LONG_MS);
    await powers.withWholeLab(async () => did.push("reset"));
    expect(did).toEqual(["stop postgres", "continue postgres", "reset"]);
  });

  it("let a reset wait until a killed platform is back", async () => {
    const restart = Promise.withResolvers<void>();
    const { powers, did } = control({ restarts: { spark: () => restart.promise } });
    const killed = powers.killing.kill("platform", 0).then(() => did.push("back"));
    const reset = powers.withWholeLab(async () => did.push("reset"));
    restart.resolve();
    await Promise.all([killed, reset]);
    expect(did).toEqual(["kill spark", "back", "reset"]);
  });

  it("kill a paused process, and do not keep its pause for the next one", async () => {
    const { powers, did } = control();
    await powers.pausing.pause("platform", LONG_MS);
    await powers.killing.kill("platform", 0);
    expect(did).toEqual(["stop spark", "kill spark", "continue spark", "start spark"]);
    expect(powers.interruptions()).toEqual([]);
  });

  it("continue after a failed kill", async () => {
    const { powers } = control({
      kill: async () => {
        throw new Error("the engine is gone");
      },
    });
    await expect(powers.killing.kill("platform", 0)).rejects.toThrow("the engine is gone");
    expect(powers.interruptions()).toEqual([]);
    expect(await powers.withWholeLab(async () => "reset")).toBe("reset");
  });
});
