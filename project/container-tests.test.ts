import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Clock } from "../core/index.ts";
import { awaitPreparation, findContainerTests } from "./container-tests.ts";

/** The clock is 1000 seconds after the epoch, and only sleeping advances it. */
function clockAt(nowMs = 1_000_000): Clock {
  let passedMs = 0;
  return {
    nowMs: () => nowMs + passedMs,
    monotonicMs: () => passedMs,
    sleep: async (durationMs) => {
      passedMs += durationMs;
    },
  };
}

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-container-tests-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** A process group of its own, as .ci/run starts one. */
async function startPreparation(script: string): Promise<ChildProcess> {
  const child = spawn("sh", ["-c", script], { detached: true, stdio: "ignore" });
  await once(child, "spawn");
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0));
  });
  return child;
}

/** What .ci/prepare would have written. */
async function engineFile(...lines: readonly string[]): Promise<string> {
  const path = join(directory, `engine-${Math.random()}`);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

const READY = ["KANIT_CONTAINER_TESTS=on", "DOCKER_HOST=unix:///run/mine.sock"];

describe("the labs in containers", () => {
  it("are tested on request, without a time limit", async () => {
    const found = await findContainerTests({ KANIT_CONTAINER_TESTS: "on" }, clockAt());
    expect(found).toEqual({ kind: "run", environment: {}, limitMs: null });
  });

  it("are tested with the prepared engine, in the remaining time", async () => {
    const variables = { KANIT_CONTAINER_ENGINE: await engineFile(...READY), KANIT_TESTS_END: "1300" };
    expect(await findContainerTests(variables, clockAt())).toEqual({
      kind: "run",
      environment: { KANIT_CONTAINER_TESTS: "on", DOCKER_HOST: "unix:///run/mine.sock" },
      limitMs: 300_000,
    });
  });

  it("wait for an engine that is still being prepared", async () => {
    const KANIT_CONTAINER_ENGINE = join(directory, "late");
    const KANIT_PREPARATION = String((await startPreparation("sleep 600 & wait")).pid);
    const clock = clockAt();
    const patient: Clock = {
      ...clock,
      sleep: async (durationMs) => {
        await clock.sleep(durationMs);
        if (clock.monotonicMs() > 60_000) await writeFile(KANIT_CONTAINER_ENGINE, READY.join("\n"));
      },
    };
    const variables = { KANIT_CONTAINER_ENGINE, KANIT_PREPARATION, KANIT_TESTS_END: "1300" };
    expect((await findContainerTests(variables, patient)).kind).toBe("run");
  });

  it.each([
    ["nobody asks for it", async () => ({}), /KANIT_CONTAINER_TESTS=on/],
    [
      "there can be no engine",
      async () => ({ KANIT_CONTAINER_ENGINE: await engineFile('WHY_NOT="no engine: it said a=b"') }),
      /^no engine: it said a=b$/,
    ],
    [
      "too little time is left",
      async () => ({ KANIT_CONTAINER_ENGINE: await engineFile(...READY), KANIT_TESTS_END: "1050" }),
      /need 60 s, and 50 s were left/,
    ],
  ])("are not tested when %s", async (_, variables, why) => {
    expect(await findContainerTests(await variables(), clockAt())).toEqual({
      kind: "skip",
      why: expect.stringMatching(why),
    });
  });
});

describe("the preparation beside the tests", () => {
  it("is not ended when it has finished", async () => {
    const KANIT_CONTAINER_ENGINE = await engineFile(...READY);
    await awaitPreparation({ KANIT_CONTAINER_ENGINE, KANIT_PREPARATION: "1" }, clockAt());
    const variables = { KANIT_CONTAINER_ENGINE, KANIT_TESTS_END: "1300" };
    expect((await findContainerTests(variables, clockAt())).kind).toBe("run");
  });

  it("is ended when no time would be left for the tests, with everything that it started", async () => {
    const preparation = await startPreparation("sleep 600 & wait");
    const ended = once(preparation, "exit");
    const KANIT_CONTAINER_ENGINE = join(directory, "too-late");
    const variables = {
      KANIT_CONTAINER_ENGINE,
      KANIT_PREPARATION: String(preparation.pid),
      KANIT_TESTS_END: "1300",
    };
    expect(await findContainerTests(variables, clockAt())).toEqual({
      kind: "skip",
      why: "their images were not ready in time",
    });
    await ended;
  });

  it("may have ended without a result", async () => {
    const preparation = await startPreparation("exit 1");
    if (preparation.exitCode === null) await once(preparation, "exit");
    const KANIT_CONTAINER_ENGINE = join(directory, "without-result");
    const variables = { KANIT_CONTAINER_ENGINE, KANIT_PREPARATION: String(preparation.pid) };
    expect(await findContainerTests(variables, clockAt())).toEqual({
      kind: "skip",
      why: "their preparation ended without a result",
    });
  });
});
