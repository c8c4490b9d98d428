import type { PlatformDefinition } from "../../definition/index.ts";
import { type ExportTarget, parsePromql } from "../../signals/index.ts";
import { meansOf } from "./fit-experiments.ts";
import { leavingOutMetrics } from "./fit-rules.ts";
import { lackedBy } from "./lacks.ts";

/** What rules and dashboards have to know of a platform that they shall watch in production. */
export function exportTargetOf(platform: PlatformDefinition): ExportTarget {
  const means = meansOf(platform);
  return {
    mapping: platform.metrics.mapping,
    adapt: (expression) => leavingOutMetrics(expression, means),
    needs: (expression, groups) => lackedBy(means, parsePromql(expression), groups),
  };
}
