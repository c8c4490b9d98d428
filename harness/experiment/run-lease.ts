import type { FaultLease, FaultProxyClient, LeaseState } from "../../chaos/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";

/**
 * How long faults outlive a runner that is gone. Renewed every third of it, so that a runner on a busy machine keeps
 * its lease through seconds in which it does not get to run.
 */
const LEASE_TTL_MS = 10_000;

/** Opens the lease that every fault of an experiment is injected under. */
export function openRunLease(proxy: FaultProxyClient, scenario: string, seed: number): Promise<FaultLease> {
  return proxy.openLease(`kanit run ${scenario}, seed ${seed}, process ${process.pid}`, LEASE_TTL_MS);
}

/**
 * Whether the lease held until it was released. When it did not, its faults were gone before they should have been,
 * and the experiment was not the one that was meant. `state` is what releasing it gave.
 */
export function judgeLease(state: LeaseState): CheckRecord {
  const check = { kind: "harness", name: "fault lease", expected: "holds until it is released" } as const;
  switch (state.kind) {
    case "released":
      return { ...check, verdict: "pass", received: "held" };
    case "lost":
      return { ...check, verdict: "inconclusive", received: `lost, and its faults with it: ${state.why}` };
    case "held":
      return { ...check, verdict: "inconclusive", received: "it was not released" };
    case "unknown-to-engine":
      return {
        ...check,
        verdict: "pass",
        expected: "holds until it is released, where the fault proxy knows leases",
        received: "warning: it knows none; had this run been killed, its faults would have stayed",
      };
  }
}
