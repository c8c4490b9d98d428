import { injectFault, parseFault } from "../../chaos/index.ts";
import { faultContextOf } from "../../lab/index.ts";
import type { Mutant } from "../engine/mutant.ts";

const LATENCY_MS = 700;

/** Each answer of the platform comes late, while its CPU has nothing to do. */
export const slowPlatform: Mutant = {
  what: `The link to Postgres is ${LATENCY_MS} ms slow, so that the health check waits for it.`,
  apply: async ({ lab }) => {
    const fault = await injectFault(
      parseFault("postgres", "latency", [`latency=${LATENCY_MS}`]),
      faultContextOf(lab, lab.proxy),
    );
    return {
      effect: fault.label,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        await fault.heal();
      },
    };
  },
};
