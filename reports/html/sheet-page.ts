import { readFileSync } from "node:fs";
import { exitCodeOf, formatDuration, type Verdict } from "../../core/index.ts";
import { formatTimestamp } from "./format.ts";
import { html, type Markup, NOTHING, trusted } from "./markup.ts";
import { verdictSign } from "./verdict-mark.ts";

/** No script at all: what gets past the escaping does not run. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A page of one table or chart: what it is of, what came out, and what it is made of. */
export interface SheetPage {
  /** What was done, such as `drill of mine.yml`. */
  readonly subject: string;
  readonly runId: string;
  readonly verdict: Verdict;
  /** What came out, in a sentence. */
  readonly lead: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seed: number;
  readonly command: string;
  /** What this page has besides the common style: a file beside this one. */
  readonly style: string;
  readonly data: string;
  /** Beside how long it took and the exit code. */
  readonly facts: readonly SheetFact[];
  /** Below the lead. */
  readonly notes: readonly string[];
  readonly sections: Markup;
}

interface SheetFact {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** Renders it as one HTML file that needs no network, no server and no script. */
export function renderSheetPage(page: SheetPage): string {
  const { subject, verdict, runId, startedAt, endedAt, command, data } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdict.toUpperCase()}: ${subject}</title>
<style>${trusted(ownFile("style.css"))}${trusted(ownFile(page.style))}</style>
</head>
<body>
<main>
${masthead(page)}
${page.sections}
<section class="repeat"><h2>Repeat it</h2><div class="command"><code>${command}</code></div></section>
<footer>Run ${runId}, ${formatTimestamp(startedAt)} to ${formatTimestamp(endedAt)}.
  Everything that was measured is in <a href="${data}">${data}</a>.</footer>
</main>
</body>
</html>
`.html;
}

function masthead({ subject, verdict, lead, notes, facts, startedAt, endedAt, seed }: SheetPage): Markup {
  const tookMs = Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) || 0;
  const common: readonly SheetFact[] = [
    { name: "Took", value: formatDuration(tookMs), note: formatTimestamp(startedAt) },
    { name: "Exit code", value: String(exitCodeOf(verdict)), note: `seed ${seed}` },
  ];
  return html`
<header class="masthead ${verdict}">
  <p class="eyebrow"><span class="brand">kanit</span> ${subject}</p>
  <h1>${verdictSign(verdict)}<span id="verdict">${verdict.toUpperCase()}</span></h1>
  <p class="lead">${lead}</p>
  ${notes.length === 0 ? NOTHING : notes.map((note) => html`<p class="quiet">${note}</p>`)}
  <dl class="facts">${[...facts, ...common].map(
    ({ name, value, note }) => html`
    <div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`,
  )}
  </dl>
</header>`;
}

function ownFile(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
