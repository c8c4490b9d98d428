import { connect, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../test-rig.ts";
import { MAX_TOXICS } from "../toxic-chain.ts";
import { ELSEWHERE, HERE, LeaseRig, latency, refusal, TTL_MS } from "./testing/lease-rig.ts";

/** Whether a server listens there. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

let rig: LeaseRig;
beforeEach(async () => {
  rig = await LeaseRig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("a lease", () => {
  it("holds for as long as it is renewed", async () => {
    const lease = rig.open();
    await rig.setEnabled(false, lease);
    for (let renewal = 0; renewal < 5; renewal++) {
      rig.clock.advance(TTL_MS - 1);
      lease.renew();
    }
    await rig.setEnabled(false, lease);
    expect(rig.isEnabled()).toBe(false);
    await rig.expire(lease);
    expect(rig.isEnabled()).toBe(true);
  });

  it("that is released undoes its changes immediately, and has ended", async () => {
    const lease = rig.open();
    await rig.setEnabled(false, lease);
    await rig.links.leases.release(lease.id);
    expect(rig.isEnabled()).toBe(true);
    expect(() => rig.links.leases.get(lease.id)).toThrow("was released");
    expect(() => lease.renew()).toThrow("was released");
  });

  it("whose time is over changes nothing, even before the expiry was processed", async () => {
    const lease = rig.open();
    rig.clock.jump(TTL_MS);
    const over = { status: 410, message: expect.stringContaining("expired") };
    await expect(rig.setEnabled(false, lease)).rejects.toMatchObject(over);
    await expect(rig.create("made", lease)).rejects.toMatchObject(over);
    expect(() => rig.links.leased("link").addToxic(latency("late"), lease)).toThrow("expired");
    expect(() => lease.renew()).toThrow("expired");
    expect(rig.links.get("link").toBody()).toMatchObject({ enabled: true, toxics: [] });
    expect(rig.links.all()).toHaveLength(1);
  });

  it("lists its changes, and the values without it", async () => {
    rig.links.leased("link").addToxic(latency("mine"), null);
    const lease = rig.open();
    await rig.create("made", lease);
    rig.links.leased("link").addToxic(latency("leased"), lease);
    const change = { attributes: { latency: 7, jitter: 0 }, toxicity: 1 };
    rig.links.leased("link").updateToxic("mine", change, lease);
    await rig.links.update("link", { upstream: ELSEWHERE }, lease);
    const [proxy, without] = ["link", { upstream: HERE, listen: rig.listen, enabled: true }];
    expect(rig.links.holdingsOf(lease)).toEqual([
      { kind: "toxic", proxy, toxic: "leased" },
      {
        kind: "toxic-change",
        proxy,
        toxic: "mine",
        change,
        without: { attributes: { latency: 100, jitter: 0 }, toxicity: 1 },
      },
      { kind: "proxy-change", proxy, change: { upstream: ELSEWHERE }, without },
      { kind: "proxy", proxy: "made" },
    ]);
  });

  it("does not list changes that it took back itself", async () => {
    const lease = rig.open();
    await rig.setEnabled(false, lease);
    await rig.setEnabled(true, lease);
    rig.links.leased("link").addToxic(latency("leased"), lease);
    rig.links.leased("link").removeToxic("leased", lease);
    expect(rig.links.holdingsOf(lease)).toEqual([]);
  });

  it("cannot remove what it did not add, since that would not be undone", async () => {
    const lease = rig.open();
    rig.links.leased("link").addToxic(latency("mine"), null);
    const refusal = "not held by this lease";
    expect(() => rig.links.leased("link").removeToxic("mine", lease)).toThrow(refusal);
    await expect(rig.links.remove("link", lease)).rejects.toThrow(refusal);
    expect(rig.toxicNames()).toEqual(["mine"]);
    await rig.create("made", lease);
    await rig.links.remove("made", lease);
  });

  it("whose change cannot be made leaves the link as it was", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const lease = rig.open();
    const change = { listen: `127.0.0.1:${port}`, upstream: ELSEWHERE };
    await expect(rig.links.update("link", change, lease)).rejects.toThrow("address already in use");
    expect(rig.links.get("link").toBody()).toMatchObject({
      listen: rig.listen,
      upstream: HERE,
      enabled: true,
    });
    expect(rig.links.holdingsOf(lease)).toEqual([]);
    taken.close();
  });

  it("undoes as many toxics as a link may have", async () => {
    const lease = rig.open();
    for (let count = 0; count < MAX_TOXICS; count++) {
      rig.links.leased("link").addToxic(latency(`leased-${count}`), lease);
    }
    expect(rig.links.holdingsOf(lease)).toHaveLength(MAX_TOXICS);
    await rig.expire(lease);
    expect(rig.toxics()).toEqual([]);
  });

  it("retries undoing until it succeeds, and reports the error meanwhile", async () => {
    const lease = rig.open();
    await rig.setEnabled(false, lease);
    const intruder = createServer();
    const port = Number(rig.listen.split(":")[1]);
    await new Promise<void>((resolve) => intruder.listen(port, "127.0.0.1", resolve));
    rig.clock.advance(TTL_MS);
    await until(() => rig.links.leases.problemOf(lease.id) !== null);
    expect(rig.links.leases.problemOf(lease.id)).toContain("address already in use");
    expect(rig.links.leases.all()).toEqual([lease]);
    await new Promise((resolve) => intruder.close(resolve));
    await until(() => {
      rig.clock.advance(100);
      return rig.isEnabled();
    });
    await until(() => rig.links.leases.all().length === 0);
    expect(rig.links.get("link").listen).toBe(rig.listen);
    expect(rig.ends.map(({ problem }) => problem === null)).toEqual([false, true]);
  });

  it("reopens a port that its toxic had closed, as soon as possible", async () => {
    const lease = rig.open();
    rig.links.leased("link").addToxic(refusal("refused"), lease);
    const intruder = createServer();
    const port = Number(rig.listen.split(":")[1]);
    await new Promise<void>((resolve) => intruder.listen(port, "127.0.0.1", resolve));
    rig.clock.advance(TTL_MS);
    await until(() => rig.links.leases.problemOf(lease.id) !== null);
    await new Promise((resolve) => intruder.close(resolve));
    await until(() => {
      rig.clock.advance(100);
      return rig.links.leases.all().length === 0;
    });
    expect(await accepts(port)).toBe(true);
    expect(rig.links.get("link").toBody()).toMatchObject({ enabled: true, toxics: [], listen: rig.listen });
  });
});
