import type { Archive, RunRecord } from "../evidence/index.ts";
import { renderJunit } from "./ci/junit.ts";
import { renderHtml } from "./html/page.ts";
import { renderMarkdown } from "./markdown/run-markdown.ts";

/** Where the files of a report lie. */
export interface ReportPaths {
  readonly html: string;
  readonly json: string;
  readonly junit: string;
  readonly summary: string;
}

/**
 * Files a run's report in its archive: `index.html`, `run.json`, `junit.xml` and `summary.md`. All four are
 * made from the redacted record. `run.json` comes first: should rendering fail, the data is safe.
 *
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export async function writeReport(run: RunRecord, archive: Archive): Promise<ReportPaths> {
  // Redaction replaces texts and keeps the shape, so what comes out is still a run record.
  const clean = archive.redact(run) as RunRecord;
  const json = await archive.writeJson("run.json", clean);
  const junit = await archive.writeRendered("junit.xml", renderJunit(clean));
  const summary = await archive.writeRendered("summary.md", renderMarkdown(clean));
  const html = await archive.writeRendered("index.html", renderHtml(clean));
  return { html, json, junit, summary };
}
