import { z } from "zod";
import { type FaultKind, linkName } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("connect-refuse"),
  link: linkName,
  /** A port is closed to everybody or to nobody. */
  toxicity: z.literal(1).default(1),
});

const toxic = toxicFault({
  kind: "connect-refuse",
  toxicType: "connect_refuse",
  summary: "new connections are refused, open ones live on",
  schema,
  attributes: [],
  effect: () => "connects refused",
  toxicAttributes: () => ({}),
});

/** New connections are refused and open ones live on: a server that is being drained. */
export const connectRefuse: FaultKind<z.infer<typeof schema>> = {
  ...toxic,
  healing: "The toxic is removed, and the port opened again.",
  async inject(fault, context) {
    const injection = await toxic.inject(fault, context);
    return {
      ...injection,
      bite: async () => {
        const bite = await injection.bite();
        if (bite.kind === "unknown" || bite.connections > 0) return bite;
        const why = "the kernel refuses at a closed port, and tells nobody; connect-reset can be counted";
        return { kind: "unknown", why };
      },
    };
  },
};
