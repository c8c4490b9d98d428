import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../core/index.ts";
import { failureOf } from "../testing/test-directory.ts";
import type { LabPowers } from "./lab-powers.ts";
import { powersSocket } from "./powers-protocol.ts";
import { RemotePowers } from "./remote-powers.ts";
import { servePowers } from "./serve-powers.ts";

let labs = "";
let end = new AbortController();
beforeEach(async () => {
  labs = await mkdtemp(join(tmpdir(), "kanit-powers-"));
  await mkdir(join(labs, "one"));
  end = new AbortController();
});
afterEach(async () => {
  end.abort();
  await rm(labs, { recursive: true, force: true });
});

function powers(changes: Partial<LabPowers> = {}): LabPowers {
  return {
    pausing: {
      pause: async (process) => ({ process, over: Promise.resolve(), resume: async () => undefined }),
      resumeAll: async () => ["postgres"],
    },
    killing: {
      takeDown: async () => ({ startAgain: async () => undefined }),
      kill: async (process, restartDelayMs) => ({ kind: "started-again", process, downMs: restartDelayMs }),
    },
    cpuReading: { readCpu: async () => new Map([["spark", 0.25]]) },
    stopReading: null,
    clockStepping: null,
    interruptions: () => [{ kind: "paused", process: "postgres", untilMs: 99 }],
    ...changes,
  };
}

async function serve(given: LabPowers, onRestart = async () => undefined): Promise<RemotePowers> {
  await servePowers(powersSocket(labs, "one"), { powers: given, onRestart, signal: end.signal });
  return new RemotePowers(labs, "one");
}

describe("a lab's powers from another process", () => {
  it("report the processes' CPU use and what is paused", async () => {
    expect(await (await serve(powers())).state()).toEqual({
      cpu: [{ process: "spark", processors: 0.25 }],
      interruptions: [{ kind: "paused", process: "postgres", untilMs: 99 }],
    });
  });

  it("pause, resume and kill, and publish the lab's addresses again after a restart", async () => {
    let restarts = 0;
    const remote = await serve(powers(), async () => void restarts++);
    await remote.pause("postgres", 5_000);
    expect(await remote.resumeAll()).toEqual(["postgres"]);
    expect(restarts).toBe(0);
    expect(await remote.kill("spark", 250)).toEqual({ kind: "started-again", process: "spark", downMs: 250 });
    expect(restarts).toBe(1);
  });

  it("pass errors on unchanged", async () => {
    const refusing = powers({
      killing: {
        takeDown: async () => ({ startAgain: async () => undefined }),
        kill: async () => {
          throw new UsageError({ code: "unknown-process", message: "Expected one.", nextStep: "Name it." });
        },
      },
    });
    const failure = await failureOf(async () => (await serve(refusing)).kill("oracle", 0));
    expect(failure).toMatchObject({
      code: "unknown-process",
      message: "Expected one.",
      nextStep: "Name it.",
      exitCode: 64,
    });
  });

  it("are refused when the runtime lacks them", async () => {
    const remote = await serve(powers({ pausing: null, cpuReading: null }));
    expect(await failureOf(() => remote.pause("spark", 1))).toMatchObject({
      code: "no-such-power",
      exitCode: 64,
    });
    expect((await remote.state()).cpu).toEqual([]);
  });

  it("are available only to the same user", async () => {
    await serve(powers());
    expect((await stat(powersSocket(labs, "one"))).mode & 0o777).toBe(0o600);
  });

  it("are not available when the lab's owner does not answer", async () => {
    const remote = await serve(powers());
    end.abort();
    expect(await failureOf(() => remote.state())).toMatchObject({
      code: "lab-takes-no-commands",
      exitCode: 69,
    });
  });

  it("are not served when no socket can be created, and the lab starts nevertheless", async () => {
    const id = "x".repeat(100);
    await mkdir(join(labs, id));
    await servePowers(powersSocket(labs, id), {
      powers: powers(),
      onRestart: async () => undefined,
      signal: end.signal,
    });
    expect((await failureOf(() => new RemotePowers(labs, id).state())).code).toBe("lab-takes-no-commands");
  });
});
