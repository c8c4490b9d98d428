import { connectRefuse as toxic } from "../proxy/toxics/connect-refuse.ts";
import { toxicFault } from "./toxic-fault.ts";

const kind = toxicFault({
  kind: "connect-refuse",
  toxic,
  summary: "new connections are refused, open ones live on",
  healing: "The toxic is removed, and the port opened again.",
  effect: () => "connects refused",
});

/** New connections are refused and open ones live on: a server that is being drained. */
export const connectRefuse: typeof kind = {
  ...kind,
  async inject(fault, context) {
    const injection = await kind.inject(fault, context);
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
