import type { Verdict } from "../core/index.ts";
import { type Statement, type Subject, statementOf } from "../signatures/index.ts";
import type { ScanResult } from "./scanners/scanner.ts";

const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";
const VULNERABILITIES = "https://in-toto.io/attestation/vulns/v0.2";
const RELEASE = "https://in-toto.io/attestation/release/v0.2";
const CYCLONEDX = "https://cyclonedx.org/bom";

/** What a run or a gate found, in the words of the record that it filed. */
export interface TestedRecord {
  readonly subject: Subject;
  readonly command: string;
  readonly verdict: Verdict;
  readonly checks: readonly { readonly name: string; readonly verdict: Verdict }[];
}

/** A warning is what was not measured well enough, which is no pass. */
const RESULT: Readonly<Record<Verdict, string>> = { pass: "PASSED", inconclusive: "WARNED", fail: "FAILED" };

/** The statement of a test's result. */
export function testResultOf({ subject, command, verdict, checks }: TestedRecord): Statement {
  const named = (wanted: Verdict) =>
    checks.filter((check) => check.verdict === wanted).map(({ name }) => name);
  return statementOf([subject], TEST_RESULT, {
    result: RESULT[verdict],
    configuration: [{ name: "command", content: Buffer.from(command).toString("base64") }],
    passedTests: named("pass"),
    warnedTests: named("inconclusive"),
    failedTests: named("fail"),
  });
}

/** The statement of what a scanner found, with the date of what it knew. */
export function vulnerabilitiesOf(
  subject: readonly Subject[],
  scan: Extract<ScanResult, { kind: "scanned" }>,
  startedAt: string,
  endedAt: string,
): Statement {
  const { scanner, version, databaseMadeAt, vulnerabilities } = scan;
  return statementOf(subject, VULNERABILITIES, {
    scanner: {
      uri: `pkg:generic/${scanner}`,
      version,
      // A database that is asked over the network is as new as the question.
      db: { lastUpdate: databaseMadeAt ?? startedAt },
      result: vulnerabilities.map(({ id, severity, package: name }) => ({
        id,
        severity: [{ method: "scanner", score: severity }],
        annotations: [{ package: name }],
      })),
    },
    metadata: { scanStartedOn: startedAt, scanFinishedOn: endedAt },
  });
}

/** The statement of a bill of materials about what it is of. */
export function sbomStatementOf(
  subject: readonly Subject[],
  bom: Readonly<Record<string, unknown>>,
): Statement {
  return statementOf(subject, CYCLONEDX, { ...bom });
}

/** The statement that artifacts are a release. */
export function releaseOf(subject: readonly Subject[], name: string, version: string): Statement {
  const purlName = name.replace(/^@/, "%40");
  return statementOf(subject, RELEASE, { purl: `pkg:npm/${purlName}@${version}` });
}
