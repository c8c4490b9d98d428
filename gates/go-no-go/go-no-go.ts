import type { Gate } from "../engine/gate.ts";
import { filedEvidence } from "./filed-evidence.ts";
import { passedGate } from "./passed-gate.ts";
import { peopleSigned } from "./people-signed.ts";
import { platformHealth } from "./platform-health.ts";

/** The ten items of the decision, computed from evidence that is filed, and the signatures of people. */
export const GO_NO_GO: Gate = {
  name: "go-no-go",
  title: "GO/NO-GO",
  question: "Is there fresh evidence for each of ten items, and do people sign for it?",
  checks: [
    passedGate({
      gate: "blind-spots",
      title: "Blind spots",
      risk: "What nobody thinks of ends the release.",
      command: "kanit blind-spots <release>",
    }),
    passedGate({
      gate: "preflight",
      title: "Preflight",
      risk: "What surrounds the release is not in order.",
      command: "kanit preflight <release>",
    }),
    passedGate({
      gate: "blast",
      title: "Micro blast radius",
      risk: "The build is broken, and traffic finds out.",
      command: "kanit blast <url> <release> 30",
    }),
    passedGate({
      gate: "red-team",
      title: "Red team",
      risk: "One of the expensive mistakes is made.",
      command: "kanit red-team <release>",
    }),
    passedGate({
      gate: "artifacts",
      title: "Artifacts",
      risk: "What people need in the night is not there.",
      command: "kanit artifacts <release>",
    }),
    filedEvidence({
      id: "bill-and-provenance",
      title: "SBOM and provenance",
      question: "Are the bill of materials and the build's provenance filed, of this commit?",
      risk: "Nobody can say what was shipped, nor whether a vulnerability concerns it.",
      files: ["sbom_{release}.json", "build_provenance_{release}.json"],
      gates: [],
      command: "kanit ritual <release>",
    }),
    filedEvidence({
      id: "rollback-rehearsed",
      title: "Rollback rehearsed",
      question: "Was the way back rehearsed today, at this commit, and the old code on the new schema?",
      risk: "The way back is walked for the first time in an incident, or leads to a version that its database left behind.",
      files: ["rollback_dryrun.txt", "old_code_{release}.txt"],
      gates: ["rollback", "old-code"],
      command: "scripts/rollback.sh --dry-run; kanit old-code <release>",
    }),
    filedEvidence({
      id: "kill-switch-rehearsed",
      title: "Kill switch rehearsed",
      question: "Was the kill switch rehearsed today, at this commit?",
      risk: "Trading cannot be stopped when it must.",
      files: ["killswitch_dryrun_{release}.json"],
      gates: ["kill-switch"],
      command: "kanit kill-switch --drill",
    }),
    platformHealth,
    peopleSigned,
  ],
  summaryFile: "go_nogo_{release}.txt",
  limitMs: 60_000,
};
