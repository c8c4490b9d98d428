import { KanitError, mergeVerdicts, type Verdict } from "../../core/index.ts";
import {
  changed,
  type FiledRecord,
  type Finding,
  type FoundRecord,
  findRecord,
  passed,
  RUN_SCHEMA,
  type RunEnding,
  unclear,
} from "../../evidence/index.ts";
import { compareReport } from "../../reports/index.ts";
import { type JournaledRecord, readJournaledRecord } from "../reconstruction/journaled-record.ts";
import { firstDifference } from "./first-difference.ts";

const LONGEST_VALUE_CHARS = 60;

type Journaled = JournaledRecord | { readonly kind: "unreadable"; readonly why: string };

/**
 * Compares the record with what the journal says, and the report with the record. Of a run that did not end it tells
 * what is known.
 *
 * @param ending How the run ended by its journal; null when it did not end.
 */
export async function findingsOfRecord(
  folder: string,
  ending: RunEnding | null,
): Promise<readonly Finding[]> {
  const found = await findRecord(folder);
  const journaled = await journaledIn(folder);
  const findings = [
    ...unreadableFindings(found, journaled),
    ...differences(found, journaled, ending),
    ...(found.kind === "found" ? await compareReport(folder, found.record) : []),
  ];
  if (ending === null) return [...findings, ...knownFindings(folder, found, journaled)];
  if (findings.length > 0 || found.kind !== "found") return findings;
  return [passed(`verdict: the record, its report and the journal say ${found.record.verdict}`)];
}

async function journaledIn(folder: string): Promise<Journaled> {
  try {
    return await readJournaledRecord(folder);
  } catch (error) {
    if (error instanceof KanitError) return { kind: "unreadable", why: error.message };
    throw error;
  }
}

function unreadableFindings(found: FoundRecord, journaled: Journaled): readonly Finding[] {
  return [
    ...(found.kind === "unreadable" ? [changed(`${found.name}: ${found.why}`)] : []),
    ...(found.kind === "other-version"
      ? [unclear(`${found.name}: is of version ${found.version}: verify it with the kanit that wrote it`)]
      : []),
    ...(found.kind === "none" ? [unclear("record: there is none")] : []),
    ...(journaled.kind === "unreadable" ? [unclear(`journal: ${journaled.why}`)] : []),
  ];
}

function differences(found: FoundRecord, journaled: Journaled, ending: RunEnding | null): readonly Finding[] {
  if (found.kind !== "found") return [];
  const { name, record } = found;
  const findings: Finding[] = [];
  if (journaled.kind === "not-begun")
    findings.push(changed(`${name}: the journal has nothing of what it says`));
  if (journaled.kind === "record") {
    const { record: told, isWhole } = journaled;
    // What was rebuilt from a journal has its verdict; what the journal could not take has more.
    const difference = isWhole ? firstDifference(record, told) : null;
    if (difference !== null) {
      const { place, one, other } = difference;
      findings.push(changed(`${name}: ${place || "it"} is ${shown(one)}, the journal has ${shown(other)}`));
    } else if (mergeVerdicts([record.verdict, told.verdict]) !== record.verdict) {
      findings.push(changed(`${name}: says ${record.verdict}, the journal says ${told.verdict}`));
    }
  }
  const sum = mergeVerdicts(verdictsIn(record));
  if (mergeVerdicts([record.verdict, sum]) !== record.verdict) {
    findings.push(changed(`${name}: says ${record.verdict}, and what it holds adds up to ${sum}`));
  }
  if (ending === null) return findings;
  // A run whose evidence is not whole does not pass.
  const whole = ending.problems.length === 0 ? [] : (["inconclusive"] as const);
  if (mergeVerdicts([record.verdict, ...whole]) !== ending.verdict) {
    findings.push(
      changed(`${name}: says ${record.verdict}, the journal ends with ${ending.verdict ?? "no verdict"}`),
    );
  }
  return findings;
}

/** The verdicts of which a record's own is the worst. */
function verdictsIn(record: FiledRecord): readonly Verdict[] {
  switch (record.schema) {
    case RUN_SCHEMA:
      return [
        "pass",
        ...record.scenarios.flatMap(({ verdict, checks }) => [
          verdict,
          ...checks.map((check) => check.verdict),
        ]),
      ];
    case "kanit.drill/3":
      return [record.quiet.verdict, ...record.triggers.map(({ verdict }) => verdict)];
    case "kanit.backpressure/2":
      return [record.verdict];
  }
}

/** A run that did not end is told with what it had found. */
function knownFindings(folder: string, found: FoundRecord, journaled: Journaled): readonly Finding[] {
  const verdicts = [
    ...(found.kind === "found" ? [found.record.verdict] : []),
    ...(journaled.kind === "record" ? [journaled.record.verdict] : []),
  ];
  if (verdicts.length === 0) {
    const why = journaled.kind === "not-begun" && journaled.why !== null ? `: ${journaled.why}` : "";
    return [unclear(`known: nothing had been judged${why}`)];
  }
  const verdict = mergeVerdicts(verdicts);
  const report = `\`kanit report ${folder}\` makes the report of what is known`;
  return [
    verdict === "fail"
      ? { verdict, line: `known: the run had found a fail; ${report}` }
      : unclear(`known: nothing had failed; ${report}`),
  ];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > LONGEST_VALUE_CHARS ? `${text.slice(0, LONGEST_VALUE_CHARS)}…` : text;
}
