import { z } from "zod";
import { type FaultBite, type FaultKind, linkName } from "./fault-kind.ts";
import { readBite } from "./toxic-fault.ts";
import { WitnessedBite } from "./witnessed-bite.ts";

const schema = z.strictObject({ kind: z.literal("down"), link: linkName });

/** The server is not there: new connections are refused, open ones are cut. */
export const down: FaultKind<z.infer<typeof schema>> = {
  kind: "down",
  needs: "toxiproxy",
  summary: "new connections are refused, open ones are cut",
  healing: "The link's port is opened again.",
  attributes: [],
  schema,
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
      bite: async () => {
        const bite = cut ?? (await readBite(proxy, fault.link, null));
        if (bite.kind === "unknown" || bite.connections > 0) return bite;
        // The kernel refuses at a closed port, and tells nobody.
        return { kind: "unknown", why: "no connection was open to be cut, and refused ones leave no trace" };
      },
    };
  },
};

function unread(error: unknown): FaultBite {
  return { kind: "unknown", why: `the witness could not be asked: ${String(error)}` };
}
