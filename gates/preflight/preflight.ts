import type { Gate } from "../engine/gate.ts";
import { baselineMetrics } from "./baseline-metrics.ts";
import { featureFlags } from "./feature-flags.ts";
import { identity } from "./identity.ts";
import { migrations } from "./migrations.ts";
import { pgbouncerSaturation } from "./pgbouncer-saturation.ts";
import { postgresBloat } from "./postgres-bloat.ts";
import { prometheusTargets } from "./prometheus-targets.ts";
import { securityHeaders } from "./security-headers.ts";
import { sequenceAnomalies } from "./sequence-anomalies.ts";
import { timeDrift } from "./time-drift.ts";

/** The ten checks of the 60-second preflight, in the order of the requirement. */
export const PREFLIGHT: Gate = {
  name: "preflight",
  title: "60-second preflight",
  question: "Is what surrounds the release in order, a minute before it begins?",
  checks: [
    identity,
    timeDrift,
    pgbouncerSaturation,
    migrations,
    securityHeaders,
    sequenceAnomalies,
    featureFlags,
    prometheusTargets,
    baselineMetrics,
    postgresBloat,
  ],
  summaryFile: "preflight.txt",
  limitMs: 60_000,
};
