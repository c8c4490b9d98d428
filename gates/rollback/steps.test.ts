import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Disposals, systemClock } from "../../core/index.ts";
import type { TrafficSplit } from "../canary/traffic/traffic-split.ts";
import { startFakeReplica } from "../kill-switch/testing/fake-replica.ts";
import { commandStep } from "./command-steps.ts";
import { killSwitchStep } from "./kill-switch-step.ts";
import { startFakeArm } from "./testing/fake-arm.ts";
import { trafficStep } from "./traffic-step.ts";

const REQUEST = { reason: 'it\'s $HOME; "slow"', stage: "25", actor: "mara", target: "test", atMs: 0 };
const NEVER = new AbortController().signal;

let directory = "";
let started: Disposals;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-steps-"));
  started = new Disposals();
});
afterEach(async () => {
  await started[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function previousVersion(line: string) {
  return commandStep({ name: "previous-version", line, directory, release: "v1.4.0", limitMs: 10_000 });
}

describe("a step that is a command of the release file", () => {
  it("gets release, reason and stage as variables, which no shell reads", async () => {
    const line = 'printf "%s|%s|%s" "$KANIT_RELEASE" "$KANIT_REASON" "$KANIT_STAGE" > said; echo deployed';
    expect(await previousVersion(line).take(REQUEST, NEVER)).toBe("deployed");
    expect(await readFile(join(directory, "said"), "utf8")).toBe(`v1.4.0|${REQUEST.reason}|25`);
  });

  it("is not done when its exit code says so, with the end of its output", async () => {
    await expect(
      previousVersion("echo no such image >&2; exit 3").take(REQUEST, NEVER),
    ).rejects.toMatchObject({
      code: "command-failed",
      message: expect.stringContaining("got exit code 3: no such image"),
    });
  });

  it("is stopped with everything that it started", async () => {
    const stopping = new AbortController();
    // The child has the output open: it is closed only when the child has ended too.
    const taking = previousVersion("sleep 600 & echo $! > child; wait").take(REQUEST, stopping.signal);
    await expect.poll(() => readFile(join(directory, "child"), "utf8").catch(() => "")).toMatch(/^\d+\n$/);
    stopping.abort(new Error("stopped"));
    await expect(taking).rejects.toThrow("stopped");
  });

  it("is read and not run in a rehearsal", async () => {
    await expect(previousVersion("touch ran").rehearse(REQUEST, NEVER)).resolves.toBe("touch ran (not run)");
    await expect(readFile(join(directory, "ran"))).rejects.toThrow("ENOENT");
    await expect(previousVersion("if then").rehearse(REQUEST, NEVER)).rejects.toMatchObject({
      code: "command-failed",
    });
  });
});

describe("the traffic", () => {
  it("is not moved to a stable version that does not answer", async () => {
    const shares: number[] = [];
    const split: TrafficSplit = {
      kind: "command",
      describe: (share) => `share ${share}`,
      setShare: async (share) => {
        shares.push(share);
      },
    };
    const stable = started.use(await startFakeArm());
    const step = trafficStep(split, { urls: [stable.url], healthPath: "/api/healthz", allowedHosts: [] });
    stable.status = 503;
    await expect(step.take(REQUEST, NEVER)).rejects.toMatchObject({ code: "stable-away" });
    expect(shares).toEqual([]);
    stable.status = 200;
    await step.take(REQUEST, NEVER);
    expect(shares).toEqual([0]);
    expect(step.describe(REQUEST)).toBe("share 0");
  });
});

describe("the kill switch", () => {
  it("is used at each replica of the candidate, and is in effect until somebody enables trading again", async () => {
    const store = { canaryEnabled: true };
    const options = {
      arm: "canary",
      store,
      executesAfterStop: 0,
      orderStatus: null,
      switchStatus: 200,
    } as const;
    const replicas = [
      started.use(await startFakeReplica(options)),
      started.use(await startFakeReplica(options)),
    ];
    const step = killSwitchStep({
      switches: replicas.map(({ url }) => url),
      allowedHosts: [],
      sleep: systemClock.sleep,
    });
    await step.rehearse(REQUEST, NEVER);
    expect(await step.isInEffect?.(NEVER)).toBe(false);
    expect(await step.take(REQUEST, NEVER)).toBe("off on 2 of 2 replicas of the candidate");
    expect(replicas.map(({ uses }) => uses.length)).toEqual([2, 2]);
    expect(await step.isInEffect?.(NEVER)).toBe(true);
    store.canaryEnabled = true;
    expect(await step.isInEffect?.(NEVER)).toBe(false);
  });
});
