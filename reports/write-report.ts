import { type Archive, type FiledRecord, type JournalHead, RUN_SCHEMA } from "../evidence/index.ts";
import { renderBackpressureHtml } from "./html/backpressure-page.ts";
import { renderDrillHtml } from "./html/drill-page.ts";
import { renderHtml } from "./html/run-page.ts";
import { renderJunit } from "./junit.ts";
import { renderBackpressureMarkdown } from "./markdown/backpressure-markdown.ts";
import { renderDrillMarkdown } from "./markdown/drill-markdown.ts";
import { renderMarkdown } from "./markdown/run-markdown.ts";

/** The paths of a report's files; null for one that could not be written. */
export interface ReportPaths {
  readonly html: string | null;
  readonly json: string | null;
  readonly summary: string | null;
}

/** A report, as far as it could be written. */
export interface WrittenReport<Filed extends FiledRecord> {
  /** The record as it was filed: without secrets. */
  readonly record: Filed;
  readonly paths: ReportPaths;
  /** One error for each file that could not be written. */
  readonly errors: readonly unknown[];
}

/** The files of a report, rendered from the record. */
interface Rendering {
  /** The file of the record itself. */
  readonly json: string;
  readonly html: () => string;
  readonly markdown: () => string;
  /** Null for records that have no tests in the sense of a CI. */
  readonly junit: (() => string) | null;
}

/**
 * Files the report of a record in its archive: the record as JSON, `summary.md`, `index.html` and, for scenarios,
 * `junit.xml`. All are made from the redacted record. The record comes first, and a file that cannot be written does
 * not keep the others from being written.
 *
 * @param judgedAt The line of the journal with the verdict; null when there is none.
 */
export async function writeReport<Filed extends FiledRecord>(
  record: Filed,
  archive: Archive,
  judgedAt: JournalHead | null,
): Promise<WrittenReport<Filed>> {
  // Redaction replaces texts and keeps the shape, so the result is still a record of the same kind.
  const clean = archive.redact(record) as Filed;
  const { json, html, markdown, junit } = renderingOf(clean, judgedAt);
  const errors: unknown[] = [];
  const write = async (name: string, render: () => string): Promise<string | null> => {
    try {
      return await archive.writeRendered(name, render());
    } catch (error) {
      errors.push(error);
      return null;
    }
  };
  const paths = {
    json: await write(json, () => `${JSON.stringify(clean, null, 2)}\n`),
    summary: await write("summary.md", () => `${markdown()}${journalNote(judgedAt)}`),
    html: await write("index.html", html),
  };
  if (junit !== null) await write("junit.xml", junit);
  return { record: clean, paths, errors };
}

function renderingOf(record: FiledRecord, judgedAt: JournalHead | null): Rendering {
  switch (record.schema) {
    case RUN_SCHEMA:
      return {
        json: "run.json",
        html: () => renderHtml(record, judgedAt),
        markdown: () => renderMarkdown(record),
        junit: () => renderJunit(record),
      };
    case "kanit.drill/3":
      return {
        json: "drill.json",
        html: () => renderDrillHtml(record, judgedAt),
        markdown: () => renderDrillMarkdown(record),
        junit: null,
      };
    case "kanit.backpressure/2":
      return {
        json: "backpressure.json",
        html: () => renderBackpressureHtml(record, judgedAt),
        markdown: () => renderBackpressureMarkdown(record),
        junit: null,
      };
  }
}

function journalNote(judgedAt: JournalHead | null): string {
  if (judgedAt === null) return "";
  return `\nLine ${judgedAt.sequence + 1} of the journal, which has the verdict, has the hash \`${judgedAt.hash}\`.\n`;
}
