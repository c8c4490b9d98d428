import type { ReleaseTraffic } from "../../../definition/index.ts";
import { HAPROXY_DEADLINE_MS } from "../../../network/index.ts";
import { commandTraffic, templateTraffic } from "./command-traffic.ts";
import { haproxyTraffic } from "./haproxy-traffic.ts";
import { type ManualTrafficOptions, manualTraffic } from "./manual-traffic.ts";
import type { TrafficSplit } from "./traffic-split.ts";

export interface ReleaseTrafficOptions {
  /** Where commands run: the folder of the release file. */
  readonly directory: string;
  readonly allowedHosts: readonly string[];
  /** How a person is asked, and what shows that it was done. */
  readonly manual: ManualTrafficOptions;
}

/**
 * Makes what splits the traffic of a release, as `release.yml` says it.
 *
 * @throws UsageError when a ready command is not known, or its values do not fit.
 */
export function releaseTraffic(traffic: ReleaseTraffic, options: ReleaseTrafficOptions): TrafficSplit {
  const { directory, allowedHosts, manual } = options;
  switch (traffic.kind) {
    case "haproxy": {
      const { runtime, backend, stable, candidate } = traffic;
      return haproxyTraffic({
        runtime: { address: new URL(runtime), allowedHosts, deadlineMs: HAPROXY_DEADLINE_MS },
        backend,
        stable,
        candidate,
      });
    }
    case "command":
      return commandTraffic({ line: traffic.set, takesFractions: true, directory });
    case "template":
      return templateTraffic(traffic, directory);
    case "manual":
      return manualTraffic(manual);
  }
}
