import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Disposals, systemClock } from "../../core/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import type { Check, ProbeContext } from "../engine/check.ts";
import type { Observation } from "../engine/observation.ts";
import { EMPTY_TARGET } from "../testing/sample-check.ts";
import { saysEnabled, switchCommand, useKillSwitch } from "./kill-switch-api.ts";
import { stableTradesOn } from "./stable-trades-on.ts";
import { refusedOnCanary } from "./stop-reaches-canary.ts";
import { switchDryRun } from "./switch-dry-run.ts";
import {
  type FakeReplica,
  type FakeReplicaOptions,
  type FakeStore,
  startFakeReplica,
} from "./testing/fake-replica.ts";
import { tradesAgain } from "./trades-again.ts";
import { Turns } from "./turns.ts";

const ACCESS = { allowedHosts: [], signal: new AbortController().signal };
const USE = { scope: "canary", enable: false, dryRun: false, actor: "mara", reason: "p95'spike" } as const;

let started: Disposals;
let store: FakeStore;
beforeEach(() => {
  started = new Disposals();
  store = { canaryEnabled: true };
});
afterEach(() => started[Symbol.asyncDispose]());

async function replica(
  arm: "canary" | "stable",
  changes: Partial<FakeReplicaOptions> = {},
): Promise<FakeReplica> {
  const options = { arm, store, executesAfterStop: 0, orderStatus: null, switchStatus: 200, ...changes };
  return started.use(await startFakeReplica(options));
}

function observe(
  check: Check,
  canary: readonly FakeReplica[],
  stable: readonly FakeReplica[],
  signal = ACCESS.signal,
): Promise<Observation> {
  const killSwitch = {
    canary: canary.map(({ url }) => url),
    stable: stable.map(({ url }) => url),
    // These checks ask the replicas only.
    lab: {} as LabAddresses,
    restartCanary: () => Promise.reject(new Error("not restarted in this test")),
    turns: new Turns(),
  };
  const target = { ...EMPTY_TARGET, parts: { ...EMPTY_TARGET.parts, killSwitch } };
  const context: ProbeContext = { target, commit: null, clock: systemClock, signal };
  return check.observe(target, context);
}

describe("a kill switch over HTTP", () => {
  it("is used with actor and reason, and can be used by hand with the line that is shown", async () => {
    const { url, uses } = await replica("canary");
    await useKillSwitch(url, { ...USE, reason: "ağır" }, ACCESS);
    expect(uses).toEqual(["?scope=canary mara a??r"]);
    expect(switchCommand(new URL("http://127.0.0.1:81"), { ...USE, dryRun: true })).toBe(
      "curl -s -X POST 'http://127.0.0.1:81/api/tools/kill-switch?scope=canary&dry_run=true' -H 'X-Actor: mara' -H 'X-Reason: p95'\\''spike'",
    );
    expect(await saysEnabled(url, ACCESS)).toBe(false);
  });

  it("that does not answer, or refuses, is no stop", async () => {
    await expect(useKillSwitch(new URL("http://127.0.0.1:1"), USE, ACCESS)).rejects.toMatchObject({
      code: "no-answer",
    });
    const { url } = await replica("canary", { switchStatus: 404 });
    await expect(useKillSwitch(url, USE, ACCESS)).rejects.toMatchObject({ code: "kill-switch-refused" });
    await expect(saysEnabled(url, ACCESS)).rejects.toMatchObject({ code: "no-execution-flag" });
  });
});

describe("the drill", () => {
  it("asks every replica of the canary, and finds the one that executes orders for longer", async () => {
    const canary = [await replica("canary"), await replica("canary", { executesAfterStop: 3 })];
    const found = await observe(refusedOnCanary, canary, [await replica("stable")]);
    expect(found.violations).toEqual([]);
    expect(found.examined).toHaveLength(2);
    expect(found.summary).toMatch(/^2 of 2 replicas refuse, the slowest after /);
  });

  it("leaves trading on", async () => {
    const canary = [await replica("canary")];
    await observe(tradesAgain, canary, [await replica("stable")]);
    expect(store.canaryEnabled).toBe(true);
  });

  it("proves nothing when orders are not executed before the stop either", async () => {
    const canary = [await replica("canary", { orderStatus: 503 })];
    const asked = observe(refusedOnCanary, canary, [], AbortSignal.timeout(100));
    await expect(asked).rejects.toThrow();
    expect(store.canaryEnabled).toBe(true);
  });

  it("sees a stable version that stops too", async () => {
    const stable = await replica("stable");
    const stopsToo = await replica("canary");
    const found = await observe(stableTradesOn, [await replica("canary")], [stable, stopsToo]);
    expect(found.violations).toEqual(["stable refused 5 of 10 orders"]);
  });

  it("files what each replica answered to the dry run", async () => {
    const canary = [await replica("canary"), await replica("canary")];
    const found = await observe(switchDryRun, canary, [await replica("stable")]);
    const filed = JSON.parse(found.texts[0] ?? "");
    expect(filed.replicas).toHaveLength(2);
    expect(filed.replicas[0]).toMatchObject({ answer: { dryRun: true }, orderAfter: "executed" });
    expect(found.violations).toEqual([]);
  });
});

describe("turns", () => {
  it("are taken one after the other, also after one that failed", async () => {
    const turns = new Turns();
    const order: string[] = [];
    const first = turns.take(async () => {
      order.push("first begins");
      await Promise.resolve();
      order.push("first ends");
      throw new Error("failed");
    });
    const second = turns.take(async () => order.push("second"));
    await expect(first).rejects.toThrow("failed");
    await second;
    expect(order).toEqual(["first begins", "first ends", "second"]);
  });
});
