import type { Archive } from "../evidence/index.ts";
import type { DrillSheet } from "./drill-sheet.ts";
import { renderDrillMarkdown } from "./drill-table.ts";
import { renderDrillHtml } from "./html/drill-page.ts";

/** Where the files of a drill lie. */
export interface DrillReportPaths {
  readonly html: string;
  readonly json: string;
  readonly summary: string;
}

/**
 * Files a drill in its archive: `drill.json`, everything there is, `summary.md` and `index.html`, its table. All are
 * made of the redacted record, and `drill.json` comes first: should rendering fail, the data is safe.
 *
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export async function writeDrillReport<Drill extends DrillSheet>(
  drill: Drill,
  archive: Archive,
): Promise<DrillReportPaths> {
  // Redaction replaces texts and keeps the shape, so what comes out is still a drill.
  const clean = archive.redact(drill) as Drill;
  const json = await archive.writeJson("drill.json", clean);
  const summary = await archive.writeRendered("summary.md", renderDrillMarkdown(clean));
  const html = await archive.writeRendered("index.html", renderDrillHtml(clean));
  return { html, json, summary };
}
