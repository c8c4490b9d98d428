import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ELSEWHERE, HERE, LeaseRig, latency } from "./testing/lease-rig.ts";

let rig: LeaseRig;
beforeEach(async () => {
  rig = await LeaseRig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

describe("when a lease expires", () => {
  it("the toxics that were added under it are removed, and the others stay", async () => {
    const lease = rig.open();
    rig.links.leased("link").addToxic(latency("mine"), null);
    rig.links.leased("link").addToxic(latency("leased"), lease);
    await rig.expire(lease);
    expect(rig.toxicNames()).toEqual(["mine"]);
    expect(rig.ends).toEqual([{ lease, ending: "expired", problem: null }]);
  });

  it("a link that was disabled under it is enabled, on the same port", async () => {
    const lease = rig.open();
    await rig.setEnabled(false, lease);
    expect(rig.isEnabled()).toBe(false);
    await rig.expire(lease);
    expect(rig.links.get("link").toBody()).toMatchObject({ enabled: true, listen: rig.listen });
  });

  it("a link that was enabled under it is disabled", async () => {
    await rig.setEnabled(false);
    const lease = rig.open();
    await rig.setEnabled(true, lease);
    await rig.expire(lease);
    expect(rig.isEnabled()).toBe(false);
  });

  it("a link whose addresses were changed under it has its former ones", async () => {
    const lease = rig.open();
    await rig.links.update("link", { upstream: ELSEWHERE, listen: "[::1]:0" }, lease);
    expect(rig.links.get("link").listen).toMatch(/^\[::1\]/);
    await rig.expire(lease);
    expect(rig.links.get("link").toBody()).toMatchObject({
      listen: rig.listen,
      upstream: HERE,
      enabled: true,
    });
  });

  it("a toxic that was changed under it has its former values", async () => {
    rig.links.leased("link").addToxic(latency("mine"), null);
    const before = rig.toxics();
    const lease = rig.open();
    const change = { attributes: { latency: 900, jitter: 0 }, toxicity: 0.5 };
    rig.links.leased("link").updateToxic("mine", change, lease);
    expect(rig.toxics()).toMatchObject([change]);
    await rig.expire(lease);
    expect(rig.toxics()).toEqual(before);
  });

  it("a link that was created under it is removed, with everything that others changed on it", async () => {
    const [lease, other] = [rig.open(), rig.open()];
    await rig.create("made", lease);
    rig.links.leased("made").addToxic(latency("theirs"), other);
    await rig.expire(lease);
    expect(rig.links.all().map(({ name }) => name)).toEqual(["link"]);
    expect(rig.links.holdingsOf(other)).toEqual([]);
  });

  it("counters of faults under it can still be read", async () => {
    const lease = rig.open();
    rig.links.leased("link").addToxic(latency("leased"), lease);
    rig.links.get("link").ledger.add("leased", { newConnections: 2, bytes: 30, messages: 0 });
    await rig.expire(lease);
    expect(rig.links.bites()).toMatchObject([{ toxic: "leased", bite: { connections: 2, bytes: 30 } }]);
  });
});

describe("two leases on one link", () => {
  it("that both disable it keep it disabled until both have ended", async () => {
    const [first, second] = [rig.open(), rig.open()];
    await rig.setEnabled(false, first);
    await rig.setEnabled(false, second);
    await rig.links.leases.release(first.id);
    expect(rig.isEnabled()).toBe(false);
    await rig.expire(second);
    expect(rig.isEnabled()).toBe(true);
  });

  it("that disagree: the later change applies, and the earlier one after it", async () => {
    const [first, second] = [rig.open(), rig.open()];
    await rig.setEnabled(false, first);
    await rig.setEnabled(true, second);
    expect(rig.isEnabled()).toBe(true);
    await rig.links.leases.release(second.id);
    expect(rig.isEnabled()).toBe(false);
    await rig.expire(first);
    expect(rig.isEnabled()).toBe(true);
  });

  it("each remove only their own toxics", async () => {
    const [first, second] = [rig.open(), rig.open()];
    rig.links.leased("link").addToxic(latency("one"), first);
    rig.links.leased("link").addToxic(latency("two"), second);
    await rig.links.leases.release(first.id);
    expect(rig.toxicNames()).toEqual(["two"]);
    await rig.expire(second);
    expect(rig.toxicNames()).toEqual([]);
  });
});

describe("a change without a lease is permanent:", () => {
  it("a link that is disabled again without one stays disabled", async () => {
    const lease = rig.open();
    await rig.setEnabled(false, lease);
    await rig.setEnabled(false);
    expect(rig.links.holdingsOf(lease)).toEqual([]);
    await rig.expire(lease);
    expect(rig.isEnabled()).toBe(false);
  });

  it("properties that it does not name are still undone with the lease", async () => {
    const lease = rig.open();
    await rig.links.update("link", { enabled: false, upstream: ELSEWHERE }, lease);
    await rig.setEnabled(false);
    await rig.expire(lease);
    expect(rig.links.get("link").toBody()).toMatchObject({ enabled: false, upstream: HERE });
  });

  it("a toxic that was removed and added again without a lease stays, although it has the same name", async () => {
    const lease = rig.open();
    rig.links.leased("link").addToxic(latency("same"), lease);
    rig.links.leased("link").removeToxic("same", null);
    rig.links.leased("link").addToxic(latency("same", 5), null);
    await rig.expire(lease);
    expect(rig.toxics()).toMatchObject([{ name: "same", attributes: { latency: 5 } }]);
  });

  it("a toxic that was added under a lease is removed with it, whoever changed it meanwhile", async () => {
    const lease = rig.open();
    rig.links.leased("link").addToxic(latency("leased"), lease);
    rig.links.leased("link").updateToxic("leased", { toxicity: 0.5 }, null);
    await rig.expire(lease);
    expect(rig.toxicNames()).toEqual([]);
  });

  it("a toxic's values that were set without a lease, after the lease's, stay", async () => {
    rig.links.leased("link").addToxic(latency("mine"), null);
    const lease = rig.open();
    rig.links.leased("link").updateToxic("mine", { toxicity: 0.1 }, lease);
    rig.links.leased("link").updateToxic("mine", { toxicity: 0.9 }, null);
    await rig.expire(lease);
    expect(rig.toxics()).toMatchObject([{ toxicity: 0.9 }]);
  });

  it("a removed link also ends the leases' changes on it", async () => {
    const lease = rig.open();
    await rig.setEnabled(false, lease);
    await rig.links.remove("link", null);
    expect(rig.links.holdingsOf(lease)).toEqual([]);
    await rig.expire(lease);
    expect(rig.links.all()).toEqual([]);
  });

  it("a reset undoes the leases' changes; they stay open with only their own links", async () => {
    const lease = rig.open();
    await rig.create("made", lease);
    rig.links.leased("link").addToxic(latency("leased"), lease);
    await rig.links.update("link", { enabled: false, upstream: ELSEWHERE, listen: "[::1]:0" }, lease);
    await rig.links.reset();
    expect(rig.links.get("link").toBody()).toMatchObject({
      listen: rig.listen,
      upstream: HERE,
      enabled: true,
      toxics: [],
    });
    expect(rig.links.holdingsOf(lease)).toEqual([{ kind: "proxy", proxy: "made" }]);
    await rig.setEnabled(false, lease);
    await rig.expire(lease);
    expect(rig.isEnabled()).toBe(true);
  });

  it("a populated link is as requested, and belongs to no lease any more", async () => {
    const lease = rig.open();
    await rig.create("made", lease);
    for (const name of ["link", "made"]) {
      await rig.links.update(name, { enabled: false }, lease);
      rig.links.leased(name).addToxic(latency("leased"), lease);
    }
    const input = { listen: "127.0.0.1:0", upstream: HERE, enabled: true, toxics: [] };
    await rig.links.populate(["link", "made"].map((name) => ({ ...input, name })));
    expect(rig.links.holdingsOf(lease)).toEqual([]);
    await rig.expire(lease);
    expect(rig.links.all().map((link) => link.toBody())).toMatchObject([
      { name: "link", enabled: true, toxics: [] },
      { name: "made", enabled: true, toxics: [] },
    ]);
  });
});
