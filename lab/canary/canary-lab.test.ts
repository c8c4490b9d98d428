import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestHttp, setHaproxyShare } from "../../network/index.ts";
import type { Lab } from "../lab.ts";
import { LOCAL_SETTINGS } from "../local/local-settings.ts";
import { startLocalLab } from "../local/start-local-lab.ts";
import { startLab } from "../start-lab.ts";
import { sparkLab } from "../testing/lab-options.ts";
import { failureOf, makeTestDirectory, processesIn, removeTestDirectory } from "../testing/test-directory.ts";
import type { CanaryOptions } from "./canary-options.ts";
import { canaryOf, haproxyArmsOf } from "./lab-canary.ts";

const NEVER = new AbortController().signal;
const COMMAND_LINE = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const hasHaproxy = spawnSync("haproxy", ["-v"], { env: { PATH: LOCAL_SETTINGS.programPath } }).status === 0;

let directory = "";
beforeAll(async () => {
  directory = await makeTestDirectory();
});
afterAll(async () => {
  await removeTestDirectory(directory);
});

async function canaryLab(changes: Partial<CanaryOptions>): Promise<Lab> {
  const options = await sparkLab(directory);
  const canary: CanaryOptions = {
    candidate: options.platform,
    candidateEnvironment: {},
    difference: "the same as stable",
    sharePercent: 25,
    clients: "spread",
    ...changes,
  };
  return startLocalLab({ ...options, canary });
}

/** The requests that each arm counted on the path that only this test asks. */
async function answeredBy(lab: Lab): Promise<{ readonly stable: number; readonly candidate: number }> {
  const count = async (url: string) => {
    const { text } = await requestHttp(url, { deadlineMs: 5_000 });
    const value =
      /^http_requests_total\{method="GET",route="\/api\/features\/status",status="200"\} (\d+)$/m.exec(text);
    return Number(value?.[1]);
  };
  const { stable, candidate } = canaryOf(lab);
  return { stable: await count(stable.metrics[0] ?? ""), candidate: await count(candidate.metrics[0] ?? "") };
}

/** What each arm answered, once they have counted so many: an arm counts a request a moment after its answer. */
async function countedBy(lab: Lab, requests: number): ReturnType<typeof answeredBy> {
  const all = async () => {
    const { stable, candidate } = await answeredBy(lab);
    return stable + candidate;
  };
  await expect.poll(all, { timeout: 10_000 }).toBe(requests);
  return answeredBy(lab);
}

/** Requests go round, so that a count differs from its share by one at most, and by one for each change of a weight. */
function expectAQuarter({
  stable,
  candidate,
}: {
  readonly stable: number;
  readonly candidate: number;
}): void {
  expect(stable + candidate).toBe(40);
  expect(Math.abs(candidate - 10)).toBeLessThanOrEqual(2);
}

async function ask(lab: Lab, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const { status } = await requestHttp(`${lab.addresses.api}/api/features/status`, { deadlineMs: 5_000 });
    statuses.push(status);
  }
  return statuses;
}

describe.skipIf(!hasHaproxy)("a lab with a candidate (skipped without the program haproxy)", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await canaryLab({});
  }, 60_000);
  afterAll(async () => {
    await lab.stop();
    expect(await processesIn(directory)).toEqual([]);
  }, 30_000);
  const share = (percent: number) => setHaproxyShare(haproxyArmsOf(canaryOf(lab)), percent, NEVER);

  it("leads users to both arms by the share, which each arm's own metrics show", async () => {
    expect(new Set(await ask(lab, 40))).toEqual(new Set([200]));
    expectAQuarter(await countedBy(lab, 40));
  });

  it("leads nobody to the candidate when its share is 0", async () => {
    const before = await answeredBy(lab);
    expect(await share(0)).toEqual({ kind: "set" });
    await ask(lab, 20);
    const after = await countedBy(lab, before.stable + before.candidate + 20);
    expect(after).toEqual({ ...before, stable: before.stable + 20 });
  });

  it("answers users also while the candidate is dead, and starts it again on its port", async () => {
    await share(50);
    const untilCandidateAnswers = async () => {
      await ask(lab, 2);
      return (await answeredBy(lab)).candidate;
    };
    const { urls } = canaryOf(lab).candidate;
    const downtime = await lab.powers.killing?.takeDown("candidate");
    expect(new Set(await ask(lab, 20))).toEqual(new Set([200]));
    await downtime?.startAgain();
    expect(canaryOf(lab).candidate.urls).toEqual(urls);
    expect(lab.deaths()).toEqual([]);
    await expect.poll(untilCandidateAnswers, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  it("begins with its first share after a reset, on fresh arms", async () => {
    await share(100);
    await lab.reset(7);
    expect(await answeredBy(lab)).toEqual({ stable: 0, candidate: 0 });
    await ask(lab, 40);
    expectAQuarter(await countedBy(lab, 40));
  });

  it("starts HAProxy again where it was", async () => {
    await lab.powers.killing?.kill("haproxy", 0);
    expect(await ask(lab, 4)).toEqual([200, 200, 200, 200]);
  });
});

describe.skipIf(!hasHaproxy)("a candidate (starting one is skipped without the program haproxy)", () => {
  it("that does not start is reported with what it printed, and leaves nothing behind", {
    timeout: 60_000,
  }, async () => {
    const failure = await failureOf(() =>
      canaryLab({ candidateEnvironment: { SPARK_DEFECTS: "no-such-defect" } }),
    );
    expect(failure).toMatchObject({ code: "process-died", exitCode: 69 });
    expect(failure.message).toContain("no-such-defect");
    expect(await processesIn(directory)).toEqual([]);
  });

  it("goes with a runner that is killed with SIGKILL, and so does HAProxy", { timeout: 60_000 }, async () => {
    const runner = spawn(process.execPath, [COMMAND_LINE, "up", "--canary", "--tape", "synthetic"], {
      env: { TMPDIR: directory, PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    runner.stdout.on("data", (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 30_000 }).toContain("Ctrl-C stops it");
    expect((await processesIn(directory)).filter((line) => line.includes("haproxy -db"))).not.toEqual([]);
    const gone = once(runner, "exit");
    runner.kill("SIGKILL");
    await gone;
    await expect.poll(() => processesIn(directory), { timeout: 10_000, interval: 100 }).toEqual([]);
  });
});

async function folderWithPgbouncerOnly(): Promise<string> {
  const programs = LOCAL_SETTINGS.programPath.split(":").map((folder) => join(folder, "pgbouncer"));
  const folder = join(directory, "programs");
  await mkdir(folder);
  await symlink(programs.find((path) => existsSync(path)) ?? "", join(folder, "pgbouncer"));
  return folder;
}

describe("a lab with a candidate in containers", () => {
  it("is refused before anything starts", async () => {
    const options = await sparkLab(directory);
    const canary: CanaryOptions = {
      ...{ candidate: options.platform, candidateEnvironment: {}, difference: "the same as stable" },
      ...{ sharePercent: 0, clients: "spread" },
    };
    const docker = { environment: {}, proxyEngine: "kanit", platformImage: null, startLimitMs: 1 } as const;
    const failure = await failureOf(() => startLab({ name: "compose", docker }, { ...options, canary }));
    expect(failure).toMatchObject({ code: "canary-is-local", exitCode: 64 });
  });
});

describe("a lab with a candidate, where HAProxy is missing", () => {
  it("says how to get it", { timeout: 60_000 }, async () => {
    const options = await sparkLab(directory);
    const canary: CanaryOptions = {
      candidate: options.platform,
      candidateEnvironment: {},
      difference: "the same as stable",
      sharePercent: 0,
      clients: "spread",
    };
    const settings = { ...LOCAL_SETTINGS, programPath: await folderWithPgbouncerOnly() };
    const failure = await failureOf(() => startLocalLab({ ...options, canary }, settings));
    expect(failure).toMatchObject({ code: "no-haproxy", exitCode: 69 });
    expect(failure.nextStep).toContain("apt-get install haproxy");
  });
});
