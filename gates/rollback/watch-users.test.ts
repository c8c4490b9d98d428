import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Disposals, systemClock } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";
import { readKnown } from "./await-users.ts";
import type { UsersReading } from "./rollback-step.ts";
import { type FakeArm, type FakeFront, startFakeArm, startFakeFront } from "./testing/fake-arm.ts";
import { type StartedUsersWatch, watchUsers } from "./watch-users.ts";

const signal = new AbortController().signal;
const WITHIN_MS = 30_000;

let started: Disposals;
let stable: FakeArm;
let candidate: FakeArm;
let front: FakeFront;
beforeEach(async () => {
  started = new Disposals();
  stable = started.use(await startFakeArm());
  candidate = started.use(await startFakeArm());
  front = started.use(await startFakeFront(stable));
});
afterEach(() => started[Symbol.asyncDispose]());

async function watch(): Promise<StartedUsersWatch> {
  return started.use(
    await watchUsers({
      ...{ front: front.url, healthPath: "/api/healthz", allowedHosts: [], clock: systemClock },
      stable: [stable.metrics],
      candidate: [candidate.metrics],
    }),
  );
}

/** Reads until it is so, while users send requests. */
async function readUntil(
  users: StartedUsersWatch,
  standing: UsersReading["standing"],
  use: () => Promise<unknown> = async () => undefined,
): Promise<UsersReading> {
  const untilMs = systemClock.monotonicMs() + WITHIN_MS;
  for (;;) {
    await use();
    const reading = await users.read(signal);
    if (reading.standing === standing || systemClock.monotonicMs() > untilMs) return reading;
    await systemClock.sleep(100);
  }
}

describe("users of a platform that was rolled back", () => {
  it("are not known to be well at the first look, and are so when two scrapes say so", async () => {
    const users = await watch();
    expect((await users.read(signal)).standing).not.toBe("well");
    const reading = await readUntil(users, "well");
    expect(reading).toMatchObject({ standing: "well" });
    expect(reading.lines[0]).toBe("20 of 20 probes well");
  });

  it("are ill while a balancer that says it moved the traffic sends it to the candidate nevertheless", async () => {
    front.sendTo(candidate);
    const users = await watch();
    const order = () => requestHttp(new URL("/api/orders", front.url));
    const reading = await readUntil(users, "ill", order);
    expect(reading.lines.join()).toMatch(/the candidate still gets requests/);
  });

  it("are ill when the stable version answers with errors, or has old data", async () => {
    stable.status = 503;
    stable.stalenessSeconds = 45;
    const reading = await readUntil(await watch(), "ill");
    expect(reading.lines).toContain("20 of 20 probes failed: status 503");
    expect(reading.lines.join()).toMatch(/Feed staleness is 45000 ms/);
  });

  it("are well when nothing listens any more where the candidate was", async () => {
    await candidate[Symbol.asyncDispose]();
    expect((await readUntil(await watch(), "well")).standing).toBe("well");
  });

  it("are unknown while the metrics of the stable version do not answer", async () => {
    const users = await watch();
    const elsewhere = started.use(
      await watchUsers({
        ...{ front: front.url, healthPath: "/api/healthz", allowedHosts: [], clock: systemClock },
        stable: [new URL("/nothing-here", stable.url)],
        candidate: [candidate.metrics],
      }),
    );
    expect((await readKnown(elsewhere, 100, { clock: systemClock, signal })).standing).toBe("unknown");
    expect((await readUntil(users, "well")).standing).toBe("well");
  });
});
