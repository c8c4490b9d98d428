import { exitCodeOf, formatDuration } from "../../core/index.ts";
import type { FiledRecord } from "../../evidence/index.ts";
import { tookMs } from "../summary/duration.ts";
import { formatCommit, formatTimestamp } from "./format.ts";
import { html, type Markup } from "./markup.ts";
import { verdictSign } from "./verdict-mark.ts";

export interface HeaderFact {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

export interface PageHeader {
  readonly record: FiledRecord;
  /** What was run, such as `drill of mine.yml`. */
  readonly subject: string;
  /** The result, in a sentence. */
  readonly lead: string;
  /** Below the lead: a summary of the verdicts, or what was done to the lab. */
  readonly notes: Markup;
  /** Beside the duration and the exit code. */
  readonly facts: readonly HeaderFact[];
}

/** The verdict, large, with one sentence and the facts that support it. */
export function pageHeader({ record, subject, lead, notes, facts }: PageHeader): Markup {
  const { verdict, startedAt, seed, environment } = record;
  const common: readonly HeaderFact[] = [
    { name: "Took", value: formatDuration(tookMs(record)), note: formatTimestamp(startedAt) },
    { name: "Seed", value: String(seed), note: environment.market },
    { name: "Ran on", value: environment.runtime, note: `commit ${formatCommit(environment.commit)}` },
    {
      name: "Exit code",
      value: String(exitCodeOf(verdict)),
      note: verdict === "pass" ? "may release" : "does not release",
    },
  ];
  return html`
<header class="page-header ${verdict}">
  <p class="eyebrow"><span class="brand">kanit</span> ${subject}</p>
  <h1>${verdictSign(verdict)}<span id="verdict">${verdict.toUpperCase()}</span></h1>
  <p class="lead">${lead}</p>
  ${notes}
  <dl class="facts">${[...facts, ...common].map(
    ({ name, value, note }) => html`
    <div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`,
  )}
  </dl>
</header>`;
}
