export { renderAnnotations } from "./annotations.ts";
export {
  type BackpressureTerminalOptions,
  renderBackpressureMarkdown,
  renderBackpressureTerminal,
} from "./backpressure-table.ts";
export { type DrillTerminalOptions, renderDrillMarkdown, renderDrillTerminal } from "./drill-table.ts";
export { renderHtml } from "./html/page.ts";
export { renderJunit } from "./junit.ts";
export { renderMarkdown, STEP_SUMMARY_LIMIT_BYTES } from "./markdown.ts";
export { renderTerminal, type TerminalOptions } from "./terminal.ts";
export { type ReportPaths, writeReport } from "./write-report.ts";
export { type SheetPaths, writeBackpressureReport, writeDrillReport } from "./write-sheet.ts";
