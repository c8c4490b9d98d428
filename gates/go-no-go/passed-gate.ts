import { formatDuration } from "../../core/index.ts";
import { type Check, defineCheck } from "../engine/check.ts";
import { gateRecordFile, readGateRecord } from "./gate-record.ts";
import { replacedEvidence } from "./replaced-evidence.ts";

/** A gate's evidence decides for this long. */
const MAX_AGE_MS = 3_600_000;

/** An item of GO/NO-GO that is another gate. */
export interface PassedGateItem {
  readonly gate: string;
  readonly title: string;
  readonly risk: string;
  /** The command line that runs it: `kanit preflight <release>`. */
  readonly command: string;
}

/** Has the gate passed lately, at this commit, on this target? */
export function passedGate({ gate, title, risk, command }: PassedGateItem): Check {
  const file = gateRecordFile(gate);
  return defineCheck({
    id: `${gate}-passed`,
    title,
    question: `Has \`${command}\` passed within the last hour, at this commit and on this target?`,
    risk,
    command,
    passes: `the newest record of ${gate} says pass, is of this commit and target, and at most an hour old`,
    fix: `Run it again, and repair what it names: ${command}`,
    evidence: [`go_nogo_${gate}_{release}.txt`],
    deadlineMs: 10_000,
    maxAgeMs: MAX_AGE_MS,
    needs: ["evidence"],
    mutant: replacedEvidence({
      name: file,
      what: `The record of ${gate} is replaced by one of a run that failed.`,
      change: (text) => text.replace('"verdict": "pass"', '"verdict": "fail"'),
    }),
    observe: async ({ evidence }, { commit, target, clock }) => {
      const { text, ...found } = await readGateRecord(evidence, gate);
      const passed = found.checks.filter(({ verdict }) => verdict === "pass").length;
      const ageMs = clock.nowMs() - Date.parse(found.startedAt);
      const isSameTarget =
        target.kind === "lab"
          ? found.targetKind === "lab"
          : found.target === target.name && found.targetKind === target.kind;
      return {
        expected: ["record"],
        examined: found.gate === gate ? ["record"] : [],
        acts: [{ what: "checks of the gate", asked: found.checks.length, happened: found.checks.length }],
        asOfMs: Date.parse(found.startedAt),
        violations: [
          ...(found.verdict === "fail" ? [`${gate} failed: ${passed} of ${found.checks.length} passed`] : []),
          ...(commit !== null && found.commit !== commit.sha
            ? [`${gate} ran at another commit: ${found.commit ?? "unknown"}`]
            : []),
          ...(isSameTarget ? [] : [`${gate} ran on another target: ${found.target}`]),
        ],
        unclear:
          found.verdict === "inconclusive"
            ? [`${gate} was inconclusive: ${passed} of ${found.checks.length} passed`]
            : [],
        summary: `${passed} of ${found.checks.length}, ${formatDuration(Math.max(0, ageMs))} ago`,
        texts: [text],
      };
    },
  });
}
