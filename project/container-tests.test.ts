import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Clock } from "../core/index.ts";
import { endContainerPreparation, findContainerTests } from "./container-tests.ts";

/** It is 1000 seconds after the epoch, and time passes only for who sleeps. */
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

/** What .ci/containers would have written. */
async function engineFile(...lines: readonly string[]): Promise<string> {
  const path = join(directory, `engine-${Math.random()}`);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

const READY = ["KANIT_CONTAINER_TESTS=on", "DOCKER_HOST=unix:///run/mine.sock"];

describe("the labs in containers", () => {
  it("are tested where somebody asks for it, for as long as it takes", async () => {
    const found = await findContainerTests({ KANIT_CONTAINER_TESTS: "on" }, clockAt());
    expect(found).toEqual({ kind: "run", environment: {}, limitMs: null });
  });

  it("are tested with the engine that was made ready, in the time that is left", async () => {
    const variables = { KANIT_CONTAINER_ENGINE: await engineFile(...READY), KANIT_TESTS_END: "1300" };
    expect(await findContainerTests(variables, clockAt())).toEqual({
      kind: "run",
      environment: { KANIT_CONTAINER_TESTS: "on", DOCKER_HOST: "unix:///run/mine.sock" },
      limitMs: 300_000,
    });
  });

  it("wait for an engine that is still being made ready", async () => {
    const KANIT_CONTAINER_ENGINE = join(directory, "late");
    const clock = clockAt();
    const patient: Clock = {
      ...clock,
      sleep: async (durationMs) => {
        await clock.sleep(durationMs);
        if (clock.monotonicMs() > 60_000) await writeFile(KANIT_CONTAINER_ENGINE, READY.join("\n"));
      },
    };
    const found = await findContainerTests({ KANIT_CONTAINER_ENGINE, KANIT_TESTS_END: "1300" }, patient);
    expect(found.kind).toBe("run");
  });

  it.each([
    ["nobody asks for it", async () => ({}), /KANIT_CONTAINER_TESTS=on/],
    [
      "the images are not ready while there is time for them",
      async () => ({ KANIT_CONTAINER_ENGINE: join(directory, "none"), KANIT_TESTS_END: "1300" }),
      /not ready in time/,
    ],
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
  ])("are not where %s", async (_, variables, why) => {
    expect(await findContainerTests(await variables(), clockAt())).toEqual({
      kind: "skip",
      why: expect.stringMatching(why),
    });
  });
});

describe("what makes the containers ready", () => {
  it("is waited for before tests that measure, and left alone when it is done", async () => {
    const KANIT_CONTAINER_ENGINE = await engineFile(...READY);
    const KANIT_CONTAINER_MAKER = "1";
    await endContainerPreparation({ KANIT_CONTAINER_ENGINE, KANIT_CONTAINER_MAKER }, clockAt(), 60_000);
    const variables = { KANIT_CONTAINER_ENGINE, KANIT_TESTS_END: "1300" };
    expect((await findContainerTests(variables, clockAt())).kind).toBe("run");
  });

  it("is ended when it takes longer than that, with all that it has begun", async () => {
    const maker = spawn("sh", ["-c", "sleep 600 & wait"], { detached: true, stdio: "ignore" });
    await once(maker, "spawn");
    const ended = once(maker, "exit");
    const KANIT_CONTAINER_ENGINE = join(directory, "too-late");
    const variables = { KANIT_CONTAINER_ENGINE, KANIT_CONTAINER_MAKER: String(maker.pid) };
    await endContainerPreparation(variables, clockAt(), 60_000);
    await ended;
    expect(await findContainerTests({ ...variables, KANIT_TESTS_END: "1300" }, clockAt())).toEqual({
      kind: "skip",
      why: "their images were not ready when the tests that measure began",
    });
  });

  it("may have ended without a result", async () => {
    const maker = spawn("true", { detached: true, stdio: "ignore" });
    await once(maker, "exit");
    const KANIT_CONTAINER_ENGINE = join(directory, "without-result");
    const variables = { KANIT_CONTAINER_ENGINE, KANIT_CONTAINER_MAKER: String(maker.pid) };
    await endContainerPreparation(variables, clockAt(), 60_000);
    expect((await findContainerTests(variables, clockAt())).kind).toBe("skip");
  });
});
