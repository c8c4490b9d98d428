import type { Mutant } from "../engine/mutant.ts";
import { startLabMonitor } from "../target/lab-monitor.ts";

/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:1/metrics";

/** A target moved, and nobody told Prometheus. */
export const movedTarget: Mutant = {
  what: "The monitor is configured with the address at which the platform was before.",
  apply: async ({ lab, target, clock }) => {
    const monitor = await startLabMonitor({
      ...{ addresses: lab.addresses, moved: { platform: NOWHERE }, clock },
      ...{ timeScale: 1, triggers: [] },
    });
    return {
      effect: `a monitor that scrapes ${NOWHERE}`,
      parts: {
        prometheus: { url: monitor.url, targets: target.parts.prometheus?.targets ?? [], rules: null },
      },
      [Symbol.asyncDispose]: () => monitor[Symbol.asyncDispose](),
    };
  },
};
