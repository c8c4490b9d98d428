import { describe, expect, it } from "vitest";
import type { FaultProxyClient } from "../client/fault-proxy-client.ts";
import { injectFault } from "./inject-fault.ts";
import { defineFault, type OwnFault } from "./own-fault.ts";
import { completeFault } from "./parse-fault.ts";

function inject(fault: OwnFault, name = fault.name) {
  const own = { kind: "own", name };
  return injectFault(completeFault(own), {
    proxy: { url: "http://127.0.0.1:9" } as FaultProxyClient,
    databaseUrlOf: (link) => `postgres://${link}`,
    venueControlUrl: "http://127.0.0.1:9",
    processes: null,
    clients: null,
    ownFaults: [fault],
  });
}

const did: string[] = [];
const expired = (touched: () => unknown) =>
  defineFault({
    name: "certificate-expired",
    summary: "the certificate has expired",
    inject: async ({ databaseUrlOf }) => {
      did.push(databaseUrlOf("postgres"));
      return { heal: async () => void did.push("healed"), touched: async () => touched() as number };
    },
  });

describe("a fault of the user's own", () => {
  it("is injected, counts what it touched, and heals once", async () => {
    const active = await inject(expired(() => 3));
    expect(active.label).toBe("certificate-expired: the certificate has expired");
    expect(await active.bite()).toEqual({ kind: "counted", connections: 3, bytes: 0, messages: null });
    await active.heal();
    await active.heal();
    expect(did).toEqual(["postgres://postgres", "healed"]);
  });

  it("touched nothing that is known when it does not say how often", async () => {
    for (const touched of [undefined, -1, 1.5, "often"]) {
      const active = await inject(expired(() => touched));
      expect(await active.bite(), String(touched)).toMatchObject({ kind: "unknown" });
    }
  });

  it("must be defined", async () => {
    const failure = await inject(
      expired(() => 1),
      "other",
    ).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "unknown-own-fault", exitCode: 64 });
  });
});
