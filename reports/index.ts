export { renderAnnotations } from "./ci/annotations.ts";
export { renderJunit } from "./ci/junit.ts";
export { renderHtml } from "./html/page.ts";
export { renderMarkdown, STEP_SUMMARY_LIMIT_BYTES } from "./markdown/run-markdown.ts";
export {
  type BackpressureTerminalOptions,
  renderBackpressureMarkdown,
  renderBackpressureTerminal,
} from "./terminal/backpressure-table.ts";
export {
  type DrillTerminalOptions,
  renderDrillMarkdown,
  renderDrillTerminal,
} from "./terminal/drill-table.ts";
export { renderTerminal, type TerminalOptions } from "./terminal/run-terminal.ts";
export { type ReportPaths, writeReport } from "./write-report.ts";
export { type SheetPaths, writeBackpressureReport, writeDrillReport } from "./write-sheet.ts";
