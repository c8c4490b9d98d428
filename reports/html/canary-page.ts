import { exitCodeOf, formatDuration } from "../../core/index.ts";
import {
  type CanaryArmRecord,
  type CanaryRecord,
  type CanarySignalRecord,
  type CanaryStageRecord,
  canaryFactor,
  canaryValue,
} from "../../evidence/index.ts";
import { canaryChart } from "./canary-chart.ts";
import { command } from "./command.ts";
import { formatTimestamp } from "./format.ts";
import { html, type Markup, NOTHING, trusted } from "./markup.ts";
import { ownFile } from "./report-page.ts";
import { verdictMark, verdictSign } from "./verdict-mark.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const REFRESH_SECONDS = 2;

/**
 * Renders a canary as one HTML file that needs no network, no script and no server. While the canary goes on, the page
 * loads itself again; afterwards the same page is the report.
 */
export function renderCanaryHtml(record: CanaryRecord): string {
  const { release, verdict, endedAt } = record;
  const word = endedAt === null ? "RUNNING" : verdict.toUpperCase();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
${endedAt === null ? html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : NOTHING}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="kanit-verdict" content="${verdict}">
<title>${word}: canary of ${release}</title>
<style>${[ownFile("style.css"), ownFile("canary.css")].map(trusted)}</style>
</head>
<body>
<main>
${header(record, word)}
${stageTable(record)}
${signals(record)}
${decisions(record)}
${triggers(record)}
${endedAt === null ? NOTHING : html`<section class="repeat"><h2>Repeat it</h2>${command("The whole canary", record.command)}</section>`}
<footer>${formatTimestamp(record.startedAt)} to ${endedAt === null ? "now" : formatTimestamp(endedAt)}. Everything that was measured is in
  <a href="canary.json">canary.json</a>.</footer>
</main>
</body>
</html>
`.html;
}

function header(record: CanaryRecord, word: string): Markup {
  const { verdict, endedAt, release, timeScale } = record;
  const stage = record.stages.at(-1);
  const tookMs =
    (endedAt === null ? (record.atMs.at(-1) ?? 0) : Date.parse(endedAt)) - Date.parse(record.startedAt);
  const facts = [
    {
      name: "Stage",
      value: stage === undefined ? "–" : `${stage.name} %`,
      note: `${record.stages.length} of ${record.plan.length} begun`,
    },
    {
      name: "Exposed",
      value: record.exposedRequests.toLocaleString("en-US"),
      note: "requests that the candidate answered",
    },
    {
      name: "Took",
      value: formatDuration(Math.max(0, Math.round(tookMs))),
      note: timeScale === 1 ? "in real time" : `compressed ${timeScale} to 1`,
    },
    {
      name: "Exit code",
      value: endedAt === null ? "–" : String(exitCodeOf(verdict)),
      note: verdict === "pass" ? "may release" : "does not release",
    },
  ];
  return html`
<header class="page-header ${verdict}">
  <p class="eyebrow"><span class="brand">kanit</span> Canary of ${release}</p>
  <h1>${verdictSign(verdict)}<span id="verdict">${word}</span></h1>
  <p class="lead">${record.lead}</p>
  ${record.problems.map((problem) => html`<p class="reason">${problem}</p>`)}
  <dl class="facts">${facts.map(({ name, value, note }) => html`<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`)}
  </dl>
  <p class="quiet">Stable: ${record.arms.stable}. Candidate: ${record.arms.candidate}. All tests together roll back at most
    ${100 * record.falseAlarmRate} % of sound releases, although they look again and again.</p>
</header>`;
}

function stageTable(record: CanaryRecord): Markup {
  return html`
<section class="overview" aria-labelledby="stages">
  <div class="section-head"><h2 id="stages">Stages</h2><p>the share that was asked, and the share that the arms counted</p></div>
  <div class="scroll"><table>
    <thead><tr><th>Stage</th><th>Signals</th><th>Measured share</th><th class="number">Looks</th><th class="number">Candidate requests</th></tr></thead>
    <tbody>${record.plan.map((planned) =>
      stageRow(
        planned.name,
        record.stages.find(({ name }) => name === planned.name),
      ),
    )}</tbody>
  </table></div>
</section>`;
}

function stageRow(name: string, stage: CanaryStageRecord | undefined): Markup {
  if (stage === undefined)
    return html`<tr class="quiet"><td>${name}&nbsp;%</td><td>not begun</td><td></td><td></td><td></td></tr>`;
  const passed = stage.signals.filter(({ verdict }) => verdict === "pass").length;
  const failed = stage.signals.filter(({ verdict }) => verdict === "fail").length;
  const verdict =
    failed > 0 ? "fail" : passed === stage.signals.length && passed > 0 ? "pass" : "inconclusive";
  const { share } = stage;
  return html`<tr><td>${name}&nbsp;%</td><td>${verdictMark(verdict)} ${passed} of ${stage.signals.length}</td>
      <td>${share === null ? "–" : share.reason}</td><td class="number">${stage.looks}</td>
      <td class="number">${share === null ? "–" : share.candidateRequests.toLocaleString("en-US")}</td></tr>`;
}

function signals(record: CanaryRecord): Markup {
  const judged = record.stages.findLast((stage) => stage.signals.length > 0);
  if (judged === undefined) return NOTHING;
  return html`
<section class="overview" aria-labelledby="signals">
  <div class="section-head"><h2 id="signals">Golden signals at ${judged.name} %</h2>
    <p class="legend-row"><span><i class="arm stable"></i>stable</span> <span><i class="arm candidate"></i>candidate</span> <span><i class="arm limit"></i>limit</span></p></div>
  <div class="signal-grid">${judged.signals.map((signal) => signalCard(record, signal))}</div>
</section>`;
}

function signalCard(record: CanaryRecord, signal: CanarySignalRecord): Markup {
  const { id, title, verdict, reason, isCritical, unit, queries, statistic, factor, limit } = signal;
  const curve = record.curves.find((each) => each.signal === id);
  const arm = ({ value, samples }: CanaryArmRecord) =>
    `${value === null ? "no value" : canaryValue(unit, value)} of ${samples.toLocaleString("en-US")}`;
  const rows = [
    ["Candidate", `${arm(signal.candidate)} ${signal.sampleName}, needs ${signal.needed}`],
    ["Stable", `${arm(signal.stable)} ${signal.sampleName}`],
    ["Limit", limit],
    ["Statistic", statistic],
    ["Interval", canaryFactor(factor)],
    ["Query", queries.join(" and ")],
  ] as const;
  return html`
  <article class="signal-card" id="${id}">
    <h3>${verdictMark(verdict)} ${title}${isCritical ? html` <small>critical</small>` : NOTHING}</h3>
    <p class="reason">${reason}</p>
    ${curve === undefined ? NOTHING : canaryChart({ record, curve, unit, limit: signal.limitValue })}
    <dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
  </article>`;
}

function decisions({ decisions }: CanaryRecord): Markup {
  if (decisions.length === 0) return NOTHING;
  return html`
<section class="overview" aria-labelledby="decisions"><div class="section-head"><h2 id="decisions">Decisions</h2></div>
  <div class="scroll"><table><thead><tr><th>Time</th><th>Stage</th><th>Decision</th><th>Reason</th></tr></thead>
    <tbody>${decisions.map(
      ({ at, stage, kind, reason }) =>
        html`<tr><td class="nowrap">${formatTimestamp(at)}</td><td>${stage} %</td><td class="nowrap">${kind}</td><td>${reason}</td></tr>`,
    )}</tbody></table></div>
</section>`;
}

function triggers({ triggers }: CanaryRecord): Markup {
  if (triggers.length === 0) return NOTHING;
  return html`
<section class="overview" aria-labelledby="triggers">
  <div class="section-head"><h2 id="triggers">Rollback triggers</h2><p>${triggers.length} watched on the candidate all the time</p></div>
  <ul class="plain trigger-grid">${triggers.map(
    ({ name, state }) =>
      html`<li><i class="state ${state}"></i>${name} <span class="quiet">${state.replace("-", " ")}</span></li>`,
  )}</ul>
</section>`;
}
