import { requestHttp } from "../../../network/index.ts";
import { Labels, type Source } from "../../../signals/index.ts";

/** A later answer is of no use to a load balancer. */
const TIMEOUT_MS = 800;

/** A source of samples that counts the requests for them. */
export interface HealthProbe extends Source {
  readonly requests: number;
}

/**
 * Checks a platform's health like a load balancer: `probe_success{job="health"}` is 1 for an answer of 2xx in
 * time, and 0 for any other answer or none (the names are those of the Blackbox exporter).
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
    // Refused, disconnected or too late: not healthy, whatever the reason.
    return false;
  }
}
