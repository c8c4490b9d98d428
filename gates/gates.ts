import { blastGate } from "./blast/blast-gate.ts";
import { USUAL_PACE } from "./blast/blast-radius.ts";
import { BLIND_SPOTS } from "./blind-spots/blind-spots.ts";
import type { Gate } from "./engine/gate.ts";
import { PREFLIGHT } from "./preflight/preflight.ts";

/** The blast as it is drilled on a lab: long enough for the least number of pings. */
const LAB_BLAST = blastGate({
  healthPath: "/api/healthz",
  webSocketPath: "/ws/quotes",
  metrics: { kind: "page", path: "/metrics", requestsMetric: "http_requests_total" },
  durationMs: 7_000,
  pace: USUAL_PACE,
  onSample: () => undefined,
  onResult: () => undefined,
});

/** The gates of a release, in the order in which they are passed. To add one, add a folder and a line here. */
export const GATES: readonly Gate[] = [BLIND_SPOTS, PREFLIGHT, LAB_BLAST];
