import { type Check, defineCheck } from "../engine/check.ts";
import { readGateRecord } from "./gate-record.ts";
import { replacedEvidence } from "./replaced-evidence.ts";

const DAY_MS = 86_400_000;

/** An item of GO/NO-GO that is a file of the evidence list. */
export interface FiledEvidenceItem {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly risk: string;
  /** `{release}` stands for the release. */
  readonly files: readonly string[];
  /** The gates that filed them: also one that did not pass files what it has found. */
  readonly gates: readonly string[];
  readonly command: string;
}

/** Are these files filed, of this commit, with something in them? */
export function filedEvidence({
  id,
  title,
  question,
  risk,
  files,
  gates,
  command,
}: FiledEvidenceItem): Check {
  return defineCheck({
    id,
    title,
    question,
    risk,
    command,
    passes: `${files.join(" and ")} are filed, not empty, of this commit, and at most a day old${gates.length === 0 ? "" : `, and ${gates.join(" and ")} passed`}`,
    fix: `Run it: ${command}`,
    evidence: [`go_nogo_${id}_{release}.txt`],
    deadlineMs: 10_000,
    maxAgeMs: DAY_MS,
    needs: ["evidence"],
    mutant: replacedEvidence({
      name: files[0] ?? "",
      what: `The file ${files[0] ?? ""} is of another commit.`,
      change: (text) => text,
      commit: "0".repeat(40),
    }),
    observe: async ({ evidence }, { commit, target, clock }) => {
      const names = files.map((name) => name.replaceAll("{release}", target.release));
      const found = await Promise.all(names.map(async (name) => ({ name, filed: await evidence(name) })));
      const records = await Promise.all(gates.map((gate) => readGateRecord(evidence, gate)));
      const there = found.flatMap(({ name, filed }) => (filed === null ? [] : [{ name, ...filed }]));
      return {
        expected: names,
        examined: there.filter(({ text }) => text.trim() !== "").map(({ name }) => name),
        acts: [],
        asOfMs: Math.min(...there.map(({ atMs }) => atMs), clock.nowMs()),
        violations: [
          ...there
            .filter((each) => commit !== null && each.commit !== commit.sha)
            .map((each) => `${each.name} is of another commit: ${each.commit ?? "unknown"}`),
          ...records.filter(({ verdict }) => verdict === "fail").map(({ gate }) => `${gate} failed`),
        ],
        unclear: records
          .filter(({ verdict }) => verdict === "inconclusive")
          .map(({ gate }) => `${gate} was inconclusive`),
        summary: `${there.length} of ${names.length} filed`,
        texts: [
          there
            .map(
              ({ name, text, atMs }) =>
                `${name}\t${text.length} characters\t${new Date(atMs).toISOString()}\n`,
            )
            .join(""),
        ],
      };
    },
  });
}
