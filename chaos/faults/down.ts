import type { FaultBite } from "../../core/index.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type StatedFault, stateFault } from "./fault-statement.ts";
import { readBite } from "./toxic-fault.ts";
import { WitnessedBite } from "./witnessed-bite.ts";

type Down = StatedFault<"down", Record<never, never>, Record<never, never>>;

/** The server is down: new connections are refused, open ones are closed. */
export const down: FaultKind<Down> = {
  ...stateFault({ kind: "down", specs: {} }),
  toxic: null,
  needs: "toxiproxy",
  livesIn: "proxy",
  protocol: "tcp",
  stopsAll: true,
  exclusive: ({ link }) => `the port of ${link}`,
  summary: "new connections are refused, open ones are cut",
  healing: "The link's port is opened again.",
  label: ({ link }) => `${link} down`,
  async inject(fault, { proxy }) {
    const witness = await WitnessedBite.begin(proxy, fault.link);
    await proxy.setEnabled(fault.link, false);
    const cut = await witness?.cut().catch(unread);
    return {
      label: down.label(fault),
      heal: async () => {
        await proxy.setEnabled(fault.link, true);
      },
      bite: async () => cut ?? readBite(proxy, fault.link, null),
    };
  },
};

function unread(error: unknown): FaultBite {
  return { kind: "unknown", why: `the witness could not be read: ${String(error)}` };
}
