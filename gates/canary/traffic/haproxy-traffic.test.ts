import { describe, expect, it } from "vitest";
import { readHaproxyShare } from "../../../network/index.ts";
import { haproxyTraffic } from "./haproxy-traffic.ts";
import { hasHaproxy, startTwoArms } from "./testing/two-arms.ts";

const NEVER = new AbortController().signal;

describe.skipIf(!hasHaproxy)("the traffic split by HAProxy (skipped without the program haproxy)", () => {
  it("gives the candidate exactly its share", async () => {
    await using two = await startTwoArms();
    const traffic = haproxyTraffic(two.arms);
    expect(await two.request(20)).toEqual({ stable: 20, candidate: 0 });
    await traffic.setShare(25, NEVER);
    expect(await two.request(40)).toEqual({ stable: 30, candidate: 10 });
    await traffic.setShare(25, NEVER);
    expect(await two.request(40)).toEqual({ stable: 30, candidate: 10 });
    expect(await readHaproxyShare(two.arms, NEVER)).toBe(25);
    await traffic.setShare(100, NEVER);
    expect(await two.request(20)).toEqual({ stable: 0, candidate: 20 });
    await traffic.setShare(0, NEVER);
    expect(await two.request(20)).toEqual({ stable: 20, candidate: 0 });
  });

  it("takes also the clients away that stick to the candidate, when its share is 0", async () => {
    await using two = await startTwoArms({ sticky: true });
    const traffic = haproxyTraffic(two.arms);
    await traffic.setShare(1, NEVER);
    expect(await two.request(5, "ARM=c1")).toEqual({ stable: 0, candidate: 5 });
    await traffic.setShare(0, NEVER);
    expect(await two.request(5, "ARM=c1")).toEqual({ stable: 5, candidate: 0 });
  });

  it("leaves a server in the maintenance that somebody else began", async () => {
    await using two = await startTwoArms();
    const traffic = haproxyTraffic(two.arms);
    await two.command("set server platform/s1 state maint");
    await expect(traffic.setShare(5, NEVER)).rejects.toMatchObject({ code: "share-refused" });
    await traffic.setShare(100, NEVER);
    expect(await two.request(5)).toEqual({ stable: 0, candidate: 5 });
  });

  it("says what HAProxy said, when a name is wrong or nothing answers", async () => {
    await using two = await startTwoArms();
    const wrongBackend = haproxyTraffic({ ...two.arms, backend: "nowhere" });
    await expect(wrongBackend.setShare(5, NEVER)).rejects.toMatchObject({
      code: "share-refused",
      message: expect.stringContaining("Can't find backend"),
    });
    const wrongServer = haproxyTraffic({ ...two.arms, candidate: ["c9"] });
    await expect(wrongServer.setShare(5, NEVER)).rejects.toMatchObject({
      code: "share-refused",
      message: expect.stringContaining("No such server"),
    });
    const nobody = {
      address: new URL("unix:///nonexistent/haproxy.sock"),
      allowedHosts: [],
      deadlineMs: 5_000,
    };
    await expect(haproxyTraffic({ ...two.arms, runtime: nobody }).setShare(5, NEVER)).rejects.toMatchObject({
      code: "balancer-away",
    });
  });

  it("does not wait for an HAProxy that stands still", async () => {
    await using two = await startTwoArms();
    two.pause();
    const impatient = { ...two.arms, runtime: { ...two.arms.runtime, deadlineMs: 200 } };
    await expect(haproxyTraffic(impatient).setShare(5, NEVER)).rejects.toMatchObject({
      code: "balancer-away",
      message: expect.stringContaining("no answer within 200 ms"),
    });
    two.resume();
    await haproxyTraffic(two.arms).setShare(5, NEVER);
  });

  it("refuses a share that weights cannot say, before it changes anything", async () => {
    await using two = await startTwoArms();
    await expect(haproxyTraffic(two.arms).setShare(0.01, NEVER)).rejects.toMatchObject({
      code: "share-not-possible",
    });
    expect(await two.request(5)).toEqual({ stable: 5, candidate: 0 });
  });
});

describe("the commands of a share", () => {
  it("can be pasted into a shell", () => {
    const traffic = haproxyTraffic({
      runtime: { address: new URL("unix:///run/haproxy/admin.sock"), allowedHosts: [], deadlineMs: 5_000 },
      backend: "platform",
      stable: ["s1"],
      candidate: ["c1"],
    });
    expect(traffic.describe(0)).toBe(
      "echo 'set weight platform/s1 100; set server platform/s1 state ready; set weight platform/c1 0; set server platform/c1 state maint' | socat stdio '/run/haproxy/admin.sock'",
    );
  });
});
