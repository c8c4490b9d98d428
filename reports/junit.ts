import type { Verdict } from "../core/index.ts";
import { mergeVerdicts } from "../core/index.ts";
import type { CheckRecord, RunRecord, ScenarioRecord } from "../evidence/index.ts";
import { removeControls, toOneLine } from "./plain-text.ts";
import { tookMs } from "./summary/duration.ts";
import { describeCheck, judgedByPhrase, reasonsOf, worstReason } from "./summary/reasons.ts";
import { summaryOf } from "./summary/run-summary.ts";

/** One `<testcase>`: a check, or the verdict of a whole scenario. */
interface Case {
  readonly name: string;
  readonly classname: string;
  readonly seconds: number;
  readonly verdict: Verdict;
  readonly message: string;
  readonly details: string;
  /** A note for a passed case; null for none. */
  readonly output: string | null;
}

interface Suite {
  readonly name: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

/**
 * Renders a run as `junit.xml`, in the dialect that Jenkins (`junit-10.xsd`), GitHub and GitLab read: a suite
 * for each scenario, a case for each check, and a last case `verdict` that carries the scenario's own verdict,
 * so that a scenario never looks better than it was, even without a single check.
 *
 * `fail` is a `<failure>`; `inconclusive` is an `<error type="inconclusive">`, because a reader shows
 * `<skipped>` in green and what was not measured must not be green.
 */
export function renderJunit(run: RunRecord): string {
  const suites = run.scenarios.map(suiteOf);
  // The run can be worse than its scenarios (when a lab failed to start); the file must show that as well.
  if (mergeVerdicts(run.scenarios.map(({ verdict }) => verdict)) !== run.verdict || suites.length === 0) {
    suites.push(runSuiteOf(run));
  }
  const cases = suites.flatMap((suite) => suite.cases);
  const seconds = tookMs(run) / 1_000;
  const attributes = { name: run.title, ...countsOf(cases), time: seconds.toFixed(3) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributesOf(attributes)}>`,
    ...suites.map(renderSuite),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteOf(scenario: ScenarioRecord): Suite {
  const seconds = scenario.durationMs / 1_000;
  return {
    name: scenario.name,
    startedAt: scenario.startedAt,
    seconds,
    properties: {
      ...{ seed: String(scenario.seed), command: scenario.command, hypothesis: scenario.hypothesis },
      ...(scenario.source.kind === "file" ? { file: scenario.source.path } : {}),
    },
    cases: [...scenario.checks.map((check) => checkCaseOf(scenario, check)), verdictCaseOf(scenario)],
  };
}

function checkCaseOf(scenario: ScenarioRecord, check: CheckRecord): Case {
  const { expected, received, verdict } = check;
  const judged = judgedByPhrase(check);
  return {
    name: check.name,
    classname: `${scenario.name}.${check.kind}`,
    seconds: 0,
    verdict,
    message: describeCheck(check),
    details: `expected: ${expected}\nreceived: ${received}\n${judged}\nrepeat:   ${scenario.command}`,
    output: judged,
  };
}

function verdictCaseOf(scenario: ScenarioRecord): Case {
  return {
    name: "verdict",
    classname: scenario.name,
    seconds: scenario.durationMs / 1_000,
    verdict: scenario.verdict,
    message: worstReason(scenario) ?? scenario.verdict,
    details: [...reasonsOf(scenario).map(describeCheck), `repeat: ${scenario.command}`].join("\n"),
    output: null,
  };
}

function runSuiteOf(run: RunRecord): Suite {
  const message = summaryOf(run);
  const details = `${message}\nrepeat: ${run.command}`;
  const verdictCase = {
    name: "verdict",
    classname: "run",
    seconds: 0,
    verdict: run.verdict,
    message,
    details,
    output: null,
  };
  const properties = { seed: String(run.seed), command: run.command };
  return { name: "run", startedAt: run.startedAt, seconds: 0, properties, cases: [verdictCase] };
}

function renderSuite({ name, startedAt, seconds, properties, cases }: Suite): string {
  // The schema's xs:dateTime has neither fractions nor a time zone.
  const timestamp = startedAt.replace(/(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/, "");
  const attributes = { name, ...countsOf(cases), skipped: 0, time: seconds.toFixed(3), timestamp };
  const propertyLines = Object.entries(properties).map(
    ([key, value]) => `      <property${attributesOf({ name: key, value })}/>`,
  );
  return [
    `  <testsuite${attributesOf(attributes)}>`,
    "    <properties>",
    ...propertyLines,
    "    </properties>",
    ...cases.map(renderCase),
    "  </testsuite>",
  ].join("\n");
}

function renderCase({ name, classname, seconds, verdict, message, details, output }: Case): string {
  const open = `    <testcase${attributesOf({ name, classname, time: seconds.toFixed(3) })}`;
  if (verdict === "pass") {
    if (output === null) return `${open}/>`;
    return `${open}>\n      <system-out>${escapeXml(output)}</system-out>\n    </testcase>`;
  }
  const element = verdict === "fail" ? "failure" : "error";
  const attributes = attributesOf({ type: verdict, message });
  const inner = `<${element}${attributes}>${escapeXml(removeControls(details))}</${element}>`;
  return `${open}>\n      ${inner}\n    </testcase>`;
}

function countsOf(cases: readonly Case[]): { tests: number; failures: number; errors: number } {
  const count = (verdict: Verdict) => cases.filter((item) => item.verdict === verdict).length;
  return { tests: cases.length, failures: count("fail"), errors: count("inconclusive") };
}

function attributesOf(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(toOneLine(String(value)))}"`)
    .join("");
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}
