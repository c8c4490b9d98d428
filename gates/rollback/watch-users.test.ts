import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Disposals, systemClock } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";
import { type FakeArm, type FakeFront, startFakeArm, startFakeFront } from "./testing/fake-arm.ts";
import { type StartedUsersWatch, watchUsers } from "./watch-users.ts";

const signal = new AbortController().signal;
const WITHIN_MS = 90_000;

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

/** What is read of users, again and again: how busy the machine is decides what the first readings say. */
function readings(users: StartedUsersWatch, use: () => Promise<unknown> = async () => undefined) {
  const read = async () => {
    await use();
    const { standing, lines } = await users.read(signal);
    return [standing, ...lines].join("\n");
  };
  return expect.poll(read, { timeout: WITHIN_MS, interval: 100 });
}

describe("users of a platform that was rolled back", () => {
  it("are well when probes are answered, signals are within their limits and the candidate gets nothing", async () => {
    await readings(await watch()).toMatch(/^well\n20 of 20 probes well\n/);
  });

  it("are ill while a balancer that says it moved the traffic sends it to the candidate nevertheless", async () => {
    front.sendTo(candidate);
    const order = () => requestHttp(new URL("/api/orders", front.url));
    await readings(await watch(), order).toMatch(/^ill\n(?:.*\n)*.*the candidate still gets requests/);
  });

  it("are ill when the stable version answers with errors, or has old data", async () => {
    stable.status = 503;
    stable.stalenessSeconds = 45;
    const users = await watch();
    await readings(users).toMatch(/20 of 20 probes failed/);
    await readings(users).toMatch(/Feed staleness is 45000 ms/);
  });

  it("are well when nothing listens any more where the candidate was", async () => {
    await candidate[Symbol.asyncDispose]();
    await readings(await watch()).toMatch(/^well\n/);
  });

  it("are not well while the metrics of the stable version do not answer", async () => {
    stable.metrics = new URL("/nothing-here", stable.url);
    await readings(await watch()).toMatch(/^unknown\n/);
  });
});
