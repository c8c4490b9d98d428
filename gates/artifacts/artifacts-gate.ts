import { defineCheck } from "../engine/check.ts";
import type { Gate } from "../engine/gate.ts";
import { ARTIFACTS } from "./artifact-table.ts";
import { emptiedArtifact } from "./emptied-artifact.ts";
import { type FoundArtifact, type IsProvedGate, readArtifacts } from "./read-artifacts.ts";

/**
 * The artifact completeness: is each of the 40 artifacts of the index here, with something in it, and proved to work?
 *
 * @param isProved Reads what drills have seen; passed in, since this gate is itself one of the gates.
 */
export function artifactsGate(isProved: () => Promise<IsProvedGate>): Gate {
  return {
    name: "artifacts",
    title: "Artifact completeness",
    question: "Is each of the 40 artifacts of the deployment index here, and proved to work?",
    checks: [artifactCompleteness(isProved)],
    summaryFile: "artifact_summary.txt",
    limitMs: 60_000,
  };
}

function artifactCompleteness(isProved: () => Promise<IsProvedGate>) {
  return defineCheck({
    id: "artifact-completeness",
    title: "Artifact completeness",
    question:
      "Is each artifact here, with something in it, and proved by a test, a drill or a gate that is current?",
    risk: "In the night of the release somebody reaches for a runbook that nobody wrote.",
    command: "scripts/check-artifact-completeness.sh",
    passes: `all ${ARTIFACTS.length} are here, not empty, and proved`,
    fix: "Write what is missing, or drill what is unproved: kanit gate <name> --drill.",
    evidence: ["artifact_count.txt"],
    deadlineMs: 30_000,
    maxAgeMs: 60_000,
    needs: ["artifacts"],
    mutant: emptiedArtifact,
    observe: async ({ artifacts: { directory, table } }, { clock, target }) => {
      const asOfMs = clock.nowMs();
      const found = await readArtifacts(directory, table, await isProved());
      const sound = found.filter(({ problems }) => problems.length === 0);
      return {
        expected: table.map(({ name }) => name),
        examined: found.map(({ artifact }) => artifact.name),
        acts: [],
        asOfMs,
        violations: found.flatMap(({ artifact: { number, name }, problems }) =>
          problems.map((problem) => `${number} ${name}: ${problem}`),
        ),
        unclear: [],
        summary: `${sound.length} of ${table.length}`,
        texts: [countText(target.release, found, sound.length)],
      };
    },
  });
}

function countText(release: string, found: readonly FoundArtifact[], sound: number): string {
  return [
    `${sound} of ${found.length} artifacts of ${release} are here and proved`,
    "",
    ...found.map(({ artifact: { number, name, places }, problems }) => {
      const state = problems.length === 0 ? `ok    ${places.join(", ")}` : `OPEN  ${problems.join("; ")}`;
      return `${String(number).padStart(2)}  ${name.padEnd(40)} ${state}`;
    }),
    "",
  ].join("\n");
}
