import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Verdict } from "../core/index.ts";
import { changed, type FiledRecord, type Finding, readWholeFile, UnreadableFile } from "../evidence/index.ts";

/** A page with a thousand scenarios embeds its record, which has less. */
const LARGEST_FILE_BYTES = 512 * 1024 * 1024;

/** What a file of a report says that the record says otherwise; nothing when they agree. */
type Comparison = (text: string, record: FiledRecord) => readonly string[];

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "index.html": comparePage,
  "summary.md": compareSummary,
  "junit.xml": compareJunit,
};

/**
 * Compares the files of a report with the record that they were made from: the verdict in each, the record that the
 * page embeds, and what JUnit counts. A file that is missing is the manifest's business.
 */
export async function compareReport(folder: string, record: FiledRecord): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [name, compare] of Object.entries(COMPARISONS)) {
    const text = await textOf(join(folder, name));
    if (text === null) continue;
    findings.push(...compare(text, record).map((difference) => changed(`${name}: ${difference}`)));
  }
  return findings;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return (await readWholeFile(path, LARGEST_FILE_BYTES)).toString("utf8");
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

function comparePage(text: string, record: FiledRecord): readonly string[] {
  const stated = [
    /<meta name="kanit-verdict" content="(\w+)">/.exec(text)?.[1],
    /<title>([A-Z]+):/.exec(text)?.[1]?.toLowerCase(),
    /<span id="verdict">([A-Z]+)</.exec(text)?.[1]?.toLowerCase(),
  ];
  const other = stated.find((verdict) => verdict !== record.verdict);
  const isOther = stated.some((verdict) => verdict !== record.verdict);
  const embedded = /<script type="application\/json" id="run-record">(.*?)<\/script>/s.exec(text)?.[1];
  return [
    ...(isOther ? [saysVerdict(other, record.verdict)] : []),
    ...(embedded === undefined || isDeepStrictEqual(parsed(embedded), record)
      ? []
      : ["does not embed the record of the folder"]),
  ];
}

function compareSummary(text: string, { verdict }: FiledRecord): readonly string[] {
  const stated = /^## \S+ ([A-Z]+): /.exec(text)?.[1]?.toLowerCase();
  return stated === verdict ? [] : [saysVerdict(stated, verdict)];
}

/** A failure for each check and scenario that failed, an error for each that is inconclusive. */
function compareJunit(text: string, { verdict }: FiledRecord): readonly string[] {
  const header = /<testsuites [^>]*>/.exec(text)?.[0] ?? "";
  const stated = (name: string) =>
    Number(new RegExp(` ${name}="(\\d{1,9})"`).exec(header)?.[1] ?? Number.NaN);
  const [failures, errors] = [stated("failures"), stated("errors")];
  const shown: Verdict = failures > 0 ? "fail" : errors > 0 ? "inconclusive" : "pass";
  const counts = [
    ["failures", failures, count(text, "<failure ")],
    ["errors", errors, count(text, "<error ")],
    ["tests", stated("tests"), count(text, "<testcase ")],
  ] as const;
  return [
    ...counts.flatMap(([name, says, has]) =>
      says === has ? [] : [`counts ${says} ${name}, and has ${has}`],
    ),
    ...(shown === verdict ? [] : [saysVerdict(shown, verdict)]),
  ];
}

function saysVerdict(stated: string | undefined, verdict: Verdict): string {
  return `says ${stated ?? "no verdict"}, the record says ${verdict}`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
