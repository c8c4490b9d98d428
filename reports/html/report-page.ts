import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { JournalHead } from "../../evidence/index.ts";
import { command } from "./command.ts";
import { environment } from "./environment.ts";
import { formatTimestamp } from "./format.ts";
import { html, type Markup, NOTHING, trusted } from "./markup.ts";
import { type PageHeader, pageHeader } from "./page-header.ts";

/** The parts of a report page, for any kind of record. */
export interface ReportPage extends PageHeader {
  readonly sections: Markup;
  /** Below the environment: a guide to the page. */
  readonly guide: Markup;
  /** Style sheets, in their order. */
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  /** JSON for the scripts. */
  readonly embedded: Markup;
  /** The record's file, beside the page. */
  readonly dataFile: string;
  /** The line of the journal with the verdict; null when the journal could not be written. */
  readonly judgedAt: JournalHead | null;
}

/**
 * Renders a report as one HTML file that needs no network and no server.
 *
 * A content security policy allows only the scripts that are inlined here, by their hash: should a text of
 * the record ever get past the escaping, it still does not run.
 */
export function renderReportPage(page: ReportPage): string {
  const { record, subject, scripts, styles, dataFile } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="kanit-verdict" content="${record.verdict}">
<title>${record.verdict.toUpperCase()}: ${subject}</title>
<style>${styles.map(trusted)}</style>
</head>
<body>
<main>
${pageHeader(page)}
${page.sections}
<section class="repeat"><h2>Repeat it</h2>${command("The whole run", record.command)}</section>
${environment(record)}
${page.guide}
<footer>Run ${record.runId}, ${formatTimestamp(record.startedAt)} to ${formatTimestamp(record.endedAt)}.
  Everything that was measured is in <a href="${dataFile}">${dataFile}</a>.${journalNote(page)}</footer>
</main>
${page.embedded}
${scripts.map((source) => html`<script>${trusted(source)}</script>`)}
</body>
</html>
`.html;
}

/** The hash of a line stands for all lines before it: whoever keeps it can tell whether the journal was rewritten. */
function journalNote({ judgedAt }: ReportPage): Markup {
  if (judgedAt === null) return NOTHING;
  return html` Line ${judgedAt.sequence + 1} of the journal, which has the verdict, has the hash
  <code id="journal-hash">${judgedAt.hash}</code>.`;
}

/** A style sheet or a script of kanit, beside this file. */
export function ownFile(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

function policyFor(scripts: readonly string[]): string {
  const hashes = scripts.map((source) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`);
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(hashes.length === 0 ? [] : [`script-src ${hashes.join(" ")}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
