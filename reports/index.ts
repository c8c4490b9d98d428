export { compareReport } from "./compare-report.ts";
export { renderBackpressureMarkdown } from "./markdown/backpressure-markdown.ts";
export { renderDrillMarkdown } from "./markdown/drill-markdown.ts";
export { renderMarkdown } from "./markdown/run-markdown.ts";
export { describeCheck, reasonsOf } from "./summary/reasons.ts";
export { renderBackpressureTerminal } from "./terminal/backpressure-terminal.ts";
export { renderDrillTerminal } from "./terminal/drill-terminal.ts";
export { renderTerminal } from "./terminal/run-terminal.ts";
export { type ReportPaths, writeReport } from "./write-report.ts";
