import { counted, exitCodeOf, formatDuration } from "../../core/index.ts";
import type { GateCheckRecord, GateRecord } from "../../evidence/index.ts";
import { command } from "./command.ts";
import { formatCommit, formatTimestamp } from "./format.ts";
import { html, type Markup, NOTHING, trusted } from "./markup.ts";
import { ownFile } from "./report-page.ts";
import { verdictMark, verdictSign } from "./verdict-mark.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Renders one run of a gate as one HTML file that needs no network, no script and no server. */
export function renderGateHtml(record: GateRecord): string {
  const { title, release, verdict } = record;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="kanit-verdict" content="${verdict}">
<title>${verdict.toUpperCase()}: ${title} of ${release}</title>
<style>${[ownFile("style.css"), ownFile("gate.css")].map(trusted)}</style>
</head>
<body>
<main>
${header(record)}
${repairs(record)}
<section class="overview" aria-labelledby="checks">
  <div class="section-head"><h2 id="checks">Checks</h2><p>${record.question}</p></div>
  ${record.checks.map(checkCard)}
</section>
<section class="repeat"><h2>Repeat it</h2>${command("The whole gate", record.command)}</section>
<footer>${formatTimestamp(record.startedAt)} to ${formatTimestamp(record.endedAt)}. Everything that was found is in
  <a href="gate_${record.gate}.json">gate_${record.gate}.json</a>.</footer>
</main>
</body>
</html>
`.html;
}

function header(record: GateRecord): Markup {
  const { verdict, checks, title, release } = record;
  const passed = checks.filter((check) => check.verdict === "pass").length;
  const lead =
    verdict === "pass"
      ? `${counted(checks.length, "check")} of ${release} passed.`
      : `${passed} of ${counted(checks.length, "check")} of ${release} passed, and all are required.`;
  const facts = [
    { name: "Took", value: formatDuration(record.tookMs), note: formatTimestamp(record.startedAt) },
    { name: "Target", value: record.target, note: rehearsal(record) },
    { name: "Commit", value: formatCommit(record.commit ?? "unknown"), note: `deployer ${record.deployer}` },
    {
      name: "Exit code",
      value: String(exitCodeOf(verdict)),
      note: verdict === "pass" ? "may release" : "does not release",
    },
  ];
  return html`
<header class="page-header ${verdict}">
  <p class="eyebrow"><span class="brand">kanit</span> ${title}</p>
  <h1>${verdictSign(verdict)}<span id="verdict">${verdict.toUpperCase()}</span></h1>
  <p class="lead">${lead}</p>
  ${record.problems.map((problem) => html`<p class="reason">${problem}</p>`)}
  <dl class="facts">${facts.map(
    ({ name, value, note }) => html`
    <div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`,
  )}
  </dl>
</header>`;
}

/** The checks that did not pass, those that failed first. */
export function openChecks({ checks }: GateRecord): readonly GateCheckRecord[] {
  return checks
    .filter(({ verdict }) => verdict !== "pass")
    .toSorted((one, other) => Number(other.verdict === "fail") - Number(one.verdict === "fail"));
}

function rehearsal({ targetKind }: GateRecord): string {
  return targetKind === "lab" ? "a rehearsal: it releases nothing by itself" : "as release.yml says";
}

function repairs(record: GateRecord): Markup {
  const failed = openChecks(record).filter(({ verdict }) => verdict === "fail");
  const unknown = openChecks(record).filter(({ verdict }) => verdict !== "fail");
  const reasonOf = ({ id, title, reasons }: GateCheckRecord) =>
    html`<a href="#${id}">${title}</a>: ${reasons[0] ?? ""}`;
  return html`${listed(
    "To be repaired",
    failed.map((check) => html`${reasonOf(check)}<br><strong>${check.fix}</strong>`),
  )}${listed("To be found out, which counts as not passed", unknown.map(reasonOf))}`;
}

function listed(title: string, items: readonly Markup[]): Markup {
  if (items.length === 0) return NOTHING;
  return html`
<section class="repairs"><h2>${title}</h2>
  <ol>${items.map(
    (item) => html`
    <li>${item}</li>`,
  )}</ol>
</section>`;
}

function checkCard(check: GateCheckRecord): Markup {
  const { id, title, question, verdict, summary, reasons, passes, risk, fix, tookMs, evidence } = check;
  return html`
  <article class="check-card" id="${id}">
    <h3>${verdictMark(verdict)} ${title} <span class="took">${formatDuration(tookMs)}</span></h3>
    <p>${question} ${reasons.includes(summary) ? NOTHING : html`<strong>${summary}</strong>`}</p>
    ${reasons.map((reason) => html`<p class="reason">${reason}</p>`)}
    <dl>
      <dt>Passes when</dt><dd>${passes}</dd>
      <dt>Risk</dt><dd>${risk}</dd>
      <dt>Fix</dt><dd>${fix}</dd>
      <dt>By hand</dt><dd><code>${check.command}</code></dd>
      ${evidence.length === 0 ? NOTHING : html`<dt>Evidence</dt><dd>${evidence.map(evidenceLink)}</dd>`}
    </dl>
  </article>`;
}

function evidenceLink({ name, bytes, sha256 }: GateCheckRecord["evidence"][number]): Markup {
  return html`<a href="${name}">${name}</a> <span class="digest">${bytes} bytes, ${sha256.slice(0, 12)}</span> `;
}
