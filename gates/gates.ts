import { artifactsGate } from "./artifacts/artifacts-gate.ts";
import type { IsProvedGate } from "./artifacts/read-artifacts.ts";
import { blastGate } from "./blast/blast-gate.ts";
import { USUAL_PACE, unwatchedMachine } from "./blast/blast-radius.ts";
import { BLIND_SPOTS } from "./blind-spots/blind-spots.ts";
import type { Gate } from "./engine/gate.ts";
import { readSeenRed } from "./engine/seen-red.ts";
import { GO_NO_GO } from "./go-no-go/go-no-go.ts";
import { KILL_SWITCH_GATE } from "./kill-switch/kill-switch-gate.ts";
import { OLD_CODE } from "./old-code/old-code-gate.ts";
import { PREFLIGHT } from "./preflight/preflight.ts";
import { RED_TEAM } from "./red-team/red-team.ts";
import { ROLLBACK_GATE } from "./rollback/rollback-gate.ts";

/** The blast as it is drilled on a lab: long enough for the least number of pings. */
const LAB_BLAST = blastGate({
  healthPath: "/api/healthz",
  webSocketPath: "/ws/quotes",
  metrics: { kind: "page", path: "/metrics", requestsMetric: "http_requests_total" },
  durationMs: 7_000,
  pace: USUAL_PACE,
  // What its mutant does is known to be the platform's.
  watchMachine: unwatchedMachine,
  onSample: () => undefined,
  onResult: () => undefined,
});

const ARTIFACT_COMPLETENESS = artifactsGate(readProvedGates);

/** The gates of a release, in the order in which they are passed. To add one, add a folder and a line here. */
export const GATES: readonly Gate[] = [
  BLIND_SPOTS,
  PREFLIGHT,
  LAB_BLAST,
  RED_TEAM,
  OLD_CODE,
  ROLLBACK_GATE,
  KILL_SWITCH_GATE,
  ARTIFACT_COMPLETENESS,
  GO_NO_GO,
];

/** Reads which gates a drill has proved. */
export async function readProvedGates(): Promise<IsProvedGate> {
  const seenRed = await readSeenRed();
  return (name) => {
    const gate = GATES.find((each) => each.name === name);
    return gate?.checks.every((check) => seenRed.has(check)) ?? false;
  };
}
