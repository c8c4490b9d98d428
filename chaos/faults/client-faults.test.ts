import { describe, expect, it } from "vitest";
import type { FaultContext } from "./fault-kind.ts";
import type { FaultyClients } from "./faulty-clients.ts";
import { injectFault } from "./inject-fault.ts";
import { completeFault } from "./parse-fault.ts";

/** Clients whose requests are noted; `isAnswered` says whether they are answered. */
function notedClients(isAnswered: boolean) {
  const asked: string[] = [];
  const second = Promise.withResolvers<void>();
  const note = (what: string) => {
    asked.push(what);
    if (asked.length > 1) second.resolve();
  };
  const clients: FaultyClients = {
    placeAtOnce: async (venue, times) => {
      note(`${times} at ${venue}`);
      return isAnswered ? times : 0;
    },
    report: async (path, directive) => {
      note(`${path} ${directive}`);
      return isAnswered;
    },
  };
  return { asked, twice: second.promise, context: { clients } as FaultContext };
}

const BURST = { kind: "order-burst", venue: "btcturk", requests: 3, pauseMs: 1 } as const;
const FLOOD = { kind: "report-flood", path: "/csp", reports: 2, pauseMs: 60_000 } as const;
const burst = completeFault(BURST);
const flood = completeFault(FLOOD);

describe("order-burst", () => {
  it("brings key after key until it heals, and counts the requests that were answered", async () => {
    const { asked, twice, context } = notedClients(true);
    const active = await injectFault(burst, context);
    expect(active.label).toBe("3 requests at once for each order at btcturk");
    await twice;
    await active.heal();
    const keys = asked.length;
    expect(new Set(asked)).toEqual(new Set(["3 at btcturk"]));
    expect(await active.bite()).toMatchObject({ kind: "counted", connections: 3 * keys });
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toHaveLength(keys);
  });

  it("has touched nothing where no request was answered", async () => {
    const { twice, context } = notedClients(false);
    const active = await injectFault(burst, context);
    await twice;
    await active.heal();
    expect(await active.bite()).toMatchObject({ kind: "counted", connections: 0 });
  });

  it("is refused where nothing sends the platform requests", async () => {
    const refusal = injectFault(burst, { clients: null } as FaultContext);
    await expect(refusal).rejects.toMatchObject({ code: "no-faulty-clients" });
  });
});

describe("report-flood", () => {
  it("reports on a directive of its own each time, and need not wait for its pause to heal", async () => {
    const { asked, twice, context } = notedClients(true);
    const active = await injectFault(flood, context);
    await twice;
    await active.heal();
    expect(asked).toEqual(["/csp made-up-0", "/csp made-up-1"]);
    expect(await active.bite()).toMatchObject({ connections: 2 });
  });

  it("fails to heal with the error that ended it, if any", async () => {
    const clients = { report: () => Promise.reject(new TypeError("no such path")) };
    const active = await injectFault(flood, { clients } as unknown as FaultContext);
    await expect(active.heal()).rejects.toThrow("no such path");
  });
});
