import { requestHttp } from "../../../network/index.ts";
import { Labels, type Source } from "../../../signals/index.ts";

/** An answer that takes longer than this is of no use to a load balancer. */
const TIMEOUT_MS = 800;

/** A source of samples, and how many requests it sent for them. */
export interface HealthProbe extends Source {
  readonly requests: number;
}

/**
 * Asks a platform for its health, as a load balancer does: `probe_success{job="health"}` is 1 for an answer
 * of 2xx in time, and 0 for any other answer and for none (the names are those of the Blackbox exporter).
 */
export function healthProbe(url: string): HealthProbe {
  let requests = 0;
  return {
    name: "health",
    target: { job: "health", instance: new URL(url).host },
    get requests() {
      return requests;
    },
    async collect(signal) {
      requests += 1;
      const value = (await isWell(url, signal)) ? 1 : 0;
      return [{ labels: Labels.of({ __name__: "probe_success" }), value }];
    },
  };
}

async function isWell(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { ok } = await requestHttp(url, { signal, deadlineMs: TIMEOUT_MS });
    return ok;
  } catch {
    // Refused, cut off or too late: not well, whatever the reason.
    return false;
  }
}
