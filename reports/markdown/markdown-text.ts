import type { Verdict } from "../../core/index.ts";
import { cutTo, toOneLine } from "../plain-text.ts";

/** GitHub shows these in color. */
export const MARKS: Readonly<Record<Verdict, string>> = { pass: "✅", fail: "❌", inconclusive: "❔" };

const LONGEST_TEXT_CHARS = 400;
/** Emphasis, code, links, images, HTML, tables, mentions, issues, formulas. */
const SPECIAL = /[\\`*_{}[\]<>()#+|~!@$&^]/g;
/** What GitHub reads as an address (`http://…`) or an emoji (`:tada:`). */
const COLON_BEFORE_TEXT = /:(?=\S)/g;
const WWW = /(www)\./gi;
/** What begins a list or underlines a heading: `- x`, `1. x`, `===`. */
const START_OF_BLOCK = /^[-=]|(?<=^\d{1,9})\.(?=\s|$)/;

/**
 * Returns a text of a record as one line of literal Markdown: everything that Markdown, its HTML or GitHub
 * could interpret is escaped by a backslash.
 */
export function escapeMarkdown(text: string): string {
  return cutTo(toOneLine(text), LONGEST_TEXT_CHARS)
    .replace(SPECIAL, "\\$&")
    .replace(COLON_BEFORE_TEXT, "\\:")
    .replace(WWW, "$1\\.")
    .replace(START_OF_BLOCK, "\\$&");
}

/** A column of a table: its heading, and whether its cells are right-aligned, as numbers are. */
export interface MarkdownColumn {
  readonly heading: string;
  readonly isNumber: boolean;
}

/** The two lines above the rows of a table. */
export function tableHead(columns: readonly MarkdownColumn[]): string {
  const rule = columns.map(({ isNumber }) => (isNumber ? "--:" : "---"));
  return `${tableRow(columns.map(({ heading }) => heading))}|${rule.join("|")}|\n`;
}

/** A row of a table, with its line feed. Its cells are texts of a record and are escaped here. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(" | ")} |\n`;
}

/** A command in a code block, so that it can be copied whole. */
export function commandBlock(command: string): string {
  const line = toOneLine(command);
  const longestRun = Math.max(2, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return `${fence}sh\n${line}\n${fence}\n`;
}
