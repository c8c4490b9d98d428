import type { Archive, BackpressureRecord, DrillRecord } from "../evidence/index.ts";
import { renderBackpressureHtml } from "./html/backpressure-page.ts";
import { renderDrillHtml } from "./html/drill-page.ts";
import { renderBackpressureMarkdown } from "./terminal/backpressure-table.ts";
import { renderDrillMarkdown } from "./terminal/drill-table.ts";

/** Where the files of a drill or of a search for a limit lie. */
export interface SheetPaths {
  readonly html: string;
  readonly json: string;
  readonly summary: string;
}

/**
 * Files a drill in its archive: `drill.json`, everything there is, `summary.md` and `index.html`, its table. All are
 * made of the redacted record, and the data comes first: should rendering fail, it is safe.
 *
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export function writeDrillReport<Drill extends DrillRecord>(
  drill: Drill,
  archive: Archive,
): Promise<SheetPaths> {
  return writeSheet(drill, archive, {
    name: "drill.json",
    markdown: renderDrillMarkdown,
    html: renderDrillHtml,
  });
}

/**
 * Files a search for what limits a platform, as `writeDrillReport` does a drill; its data is `backpressure.json`.
 *
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export function writeBackpressureReport<Search extends BackpressureRecord>(
  search: Search,
  archive: Archive,
): Promise<SheetPaths> {
  return writeSheet(search, archive, {
    name: "backpressure.json",
    markdown: renderBackpressureMarkdown,
    html: renderBackpressureHtml,
  });
}

async function writeSheet<Sheet extends object>(
  sheet: Sheet,
  archive: Archive,
  rendering: {
    readonly name: string;
    readonly markdown: (sheet: Sheet) => string;
    readonly html: (sheet: Sheet) => string;
  },
): Promise<SheetPaths> {
  // Redaction replaces texts and keeps the shape, so what comes out is of the same kind.
  const clean = archive.redact(sheet) as Sheet;
  const json = await archive.writeJson(rendering.name, clean);
  const summary = await archive.writeRendered("summary.md", rendering.markdown(clean));
  const html = await archive.writeRendered("index.html", rendering.html(clean));
  return { html, json, summary };
}
