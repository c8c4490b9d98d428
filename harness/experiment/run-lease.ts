import type { FaultLease, FaultProxyClient } from "../../chaos/index.ts";

/**
 * How long faults outlive a runner that is gone. The lease is renewed three times in that time, so that a
 * runner which gets no CPU for some seconds keeps it.
 */
const LEASE_TTL_MS = 10_000;

/** Opens the lease for every fault of an experiment. */
export function openRunLease(proxy: FaultProxyClient, scenario: string, seed: number): Promise<FaultLease> {
  return proxy.openLease(`kanit run ${scenario}, seed ${seed}, process ${process.pid}`, LEASE_TTL_MS);
}
