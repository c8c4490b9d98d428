import type { Archive, BackpressureRecord, DrillRecord, FiledRecord, RunRecord } from "../evidence/index.ts";
import { renderBackpressureHtml } from "./html/backpressure-page.ts";
import { renderDrillHtml } from "./html/drill-page.ts";
import { renderHtml } from "./html/run-page.ts";
import { renderJunit } from "./junit.ts";
import { renderBackpressureMarkdown } from "./markdown/backpressure-markdown.ts";
import { renderDrillMarkdown } from "./markdown/drill-markdown.ts";
import { renderMarkdown } from "./markdown/run-markdown.ts";

/** The paths of a report's files. */
export interface ReportPaths {
  readonly html: string;
  readonly json: string;
  readonly summary: string;
}

/** A file of a report, rendered from the record. */
interface Rendering<Filed extends FiledRecord> {
  readonly html: (record: Filed) => string;
  readonly markdown: (record: Filed) => string;
}

/**
 * Files a run's report in its archive: `run.json`, `junit.xml`, `summary.md` and `index.html`. All are made from the
 * redacted record. The record comes first: should rendering fail, the data is safe.
 *
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export async function writeReport(run: RunRecord, archive: Archive): Promise<ReportPaths> {
  const rendering = { html: renderHtml, markdown: renderMarkdown };
  const paths = await writeFiles("run.json", run, archive, rendering);
  await archive.writeRendered("junit.xml", renderJunit(redacted(run, archive)));
  return paths;
}

/** Like `writeReport`, for a drill: `drill.json`, `summary.md` and `index.html`. */
export function writeDrillReport(drill: DrillRecord, archive: Archive): Promise<ReportPaths> {
  return writeFiles("drill.json", drill, archive, { html: renderDrillHtml, markdown: renderDrillMarkdown });
}

/** Like `writeReport`, for a search: `backpressure.json`, `summary.md` and `index.html`. */
export function writeBackpressureReport(search: BackpressureRecord, archive: Archive): Promise<ReportPaths> {
  const rendering = { html: renderBackpressureHtml, markdown: renderBackpressureMarkdown };
  return writeFiles("backpressure.json", search, archive, rendering);
}

async function writeFiles<Filed extends FiledRecord>(
  name: string,
  record: Filed,
  archive: Archive,
  rendering: Rendering<Filed>,
): Promise<ReportPaths> {
  const clean = redacted(record, archive);
  const json = await archive.writeJson(name, clean);
  const summary = await archive.writeRendered("summary.md", rendering.markdown(clean));
  const html = await archive.writeRendered("index.html", rendering.html(clean));
  return { html, json, summary };
}

function redacted<Filed extends FiledRecord>(record: Filed, archive: Archive): Filed {
  // Redaction replaces texts and keeps the shape, so the result is still a record of the same kind.
  return archive.redact(record) as Filed;
}
