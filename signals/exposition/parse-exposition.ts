import { UsageError } from "../../core/index.ts";
import { parseGoFloat } from "../go-float.ts";
import { Labels, METRIC_NAME } from "../labels.ts";
import type { Sample } from "../sample-store.ts";
import type { ExpositionFormat } from "./exposition-format.ts";
import { withStoredFloats } from "./float-labels.ts";
import { readLabelPairs } from "./label-pairs.ts";
import { isMetricType } from "./metric-type.ts";

const BARE_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** `# TYPE name type` and similar lines; the name may be quoted. */
const METADATA =
  /^#[ \t]+(HELP|TYPE|UNIT)[ \t]+("(?:[^"\\\n]|\\.)*"|[a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t](.*))?$/;

/** The suffixes that the series of one metric add to its name. */
const SUFFIX = /^(?:_(?:total|created|bucket|count|sum|info))?$/;

/** What may follow a series, by format. The text format has no exemplars and integer timestamps. */
const REST_OF_SAMPLE: Readonly<Record<ExpositionFormat, RegExp>> = {
  prometheus: /^[ \t]*([^{ \t]+)(?:[ \t]+(\d+))?[ \t]*$/,
  openmetrics: /^ ([^ ]+)(?: ([^ #][^ ]*))?(?: # \{.*\} [^ ]+(?: [^ ]+)?)?$/,
};

/**
 * Parses Prometheus's text format 0.0.4 and OpenMetrics 1.0 as Prometheus 3 does: what Prometheus rejects is
 * rejected here too, so that both read the same samples from a target. Help, units and exemplars are
 * skipped; `_created` series are kept like any other. The labels `le` and `quantile` are stored in
 * OpenMetrics's spelling. A parser remembers label sets, so parsing the same target repeatedly is cheap and
 * returns the same label objects.
 */
export class ExpositionParser {
  readonly #known = new Map<string, Labels>();
  readonly #maxKnown: number;

  constructor(maxKnownSeries = 20_000) {
    this.#maxKnown = maxKnownSeries;
  }

  /**
   * The samples of one exposition, in order.
   *
   * @throws UsageError `bad-exposition` with the line's number.
   */
  parse(text: string, format: ExpositionFormat = "prometheus"): Sample[] {
    const samples: Sample[] = [];
    let hasEnded = false;
    let metric = UNDECLARED;
    let lineNumber = 0;
    for (let from = 0; from < text.length; ) {
      const to = endOfLine(text, from);
      const line = text.slice(from, to);
      lineNumber++;
      from = to + 1;
      if (hasEnded && line !== "") throw badLine(lineNumber, "nothing after # EOF", line);
      if (format === "openmetrics" && line === "# EOF") hasEnded = true;
      else if (line.trimStart().startsWith("#")) metric = readComment(line, lineNumber, format) ?? metric;
      else if (format === "openmetrics" || /[^ \t]/.test(line))
        samples.push(this.#parseLine(line, lineNumber, format, metric));
    }
    if (format === "openmetrics" && !hasEnded)
      throw badLine(lineNumber, "# EOF, without which a part may be missing,", "the end");
    return samples;
  }

  #parseLine(line: string, lineNumber: number, format: ExpositionFormat, metric: DeclaredMetric): Sample {
    const seriesEnd = endOfSeries(line);
    if (seriesEnd === undefined) throw badLine(lineNumber, "a metric name and labels", line);
    const rest = REST_OF_SAMPLE[format].exec(line.slice(seriesEnd));
    if (rest === null) throw badLine(lineNumber, "a value, and at most a timestamp, after the series", line);
    const value = parseGoFloat(rest[1] ?? "");
    if (value === undefined) throw badLine(lineNumber, "a decimal number after the series", line);
    const labels = this.#labelsOf(line.slice(0, seriesEnd), lineNumber, metric.type);
    const type = typeOf(labels.metricName, metric);
    if (rest[2] === undefined) return { labels, value, type };
    const timestamp = parseGoFloat(rest[2]);
    if (timestamp === undefined || !Number.isFinite(timestamp))
      throw badLine(lineNumber, "a timestamp after the value", line);
    return {
      labels,
      value,
      type,
      timestampMs: format === "openmetrics" ? Math.trunc(timestamp * 1_000) : timestamp,
    };
  }

  #labelsOf(series: string, lineNumber: number, type: string): Labels {
    const key = `${type} ${series}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const read = readSeries(series);
    if (read === undefined) throw badLine(lineNumber, 'a series such as name{label="value"}', series);
    const labels = withStoredFloats(read, type);
    if (this.#known.size >= this.#maxKnown) this.#known.clear();
    this.#known.set(key, labels);
    return labels;
  }
}

/** Parses one exposition; see ExpositionParser. */
export function parseExposition(text: string, format?: ExpositionFormat): Sample[] {
  return new ExpositionParser().parse(text, format);
}

/** What the last `# TYPE` line said. */
interface DeclaredMetric {
  readonly name: string;
  readonly type: string;
}

const UNDECLARED: DeclaredMetric = { name: "", type: "" };

/** The type of a series: that of the last `# TYPE` line, where it is of that metric. */
function typeOf(series: string, { name, type }: DeclaredMetric): string {
  return series.startsWith(name) && SUFFIX.test(series.slice(name.length)) ? type : "";
}

/** What a comment declares of a metric's type; undefined for any other comment. */
function readComment(line: string, lineNumber: number, format: ExpositionFormat): DeclaredMetric | undefined {
  const trimmed = line.trimStart();
  const [, keyword, name = "", text = ""] = METADATA.exec(trimmed) ?? [];
  if (keyword === undefined) {
    if (/^#[ \t]+(?:HELP|TYPE)[ \t]/.test(trimmed) || format === "openmetrics")
      throw badLine(lineNumber, "a metric name after HELP, TYPE or UNIT", line);
    return undefined;
  }
  if (keyword !== "TYPE") return undefined;
  if (isMetricType(text, format)) return { name: name.startsWith('"') ? "" : name, type: text };
  throw badLine(lineNumber, "a type of metric that Prometheus knows", line);
}

/** The end of a line: its line feed, except one inside quotes (unless the line is a comment). */
function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  const end = newline === -1 ? text.length : newline;
  const quote = text.indexOf('"', from);
  if (quote === -1 || quote > end || /^[ \t]*#/.test(text.slice(from, quote))) return end;
  let isQuoted = false;
  for (let index = quote; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "\\" && isQuoted) index++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === "\n" && !isQuoted) return index;
  }
  // An unclosed quote makes only its own line invalid, not all that follow.
  return isQuoted ? end : text.length;
}

function badLine(lineNumber: number, expected: string, got: string): UsageError {
  return new UsageError({
    code: "bad-exposition",
    message: `Expected ${expected} in line ${lineNumber} of the exposition, got ${JSON.stringify(got.slice(0, 120))}.`,
    nextStep: "Check the target's response: it must be Prometheus's text format 0.0.4 or OpenMetrics.",
  });
}

/** The end of the series and start of its value: after the closing brace, or at the first blank. */
function endOfSeries(line: string): number | undefined {
  const start = line.search(/[^ \t]/);
  const brace = line.indexOf("{");
  const blank = line.slice(start).search(/[ \t]/) + start;
  if (brace === -1 || (blank >= start && blank < brace && !/^[ \t]*\{/.test(line.slice(blank)))) {
    return blank < start ? undefined : blank;
  }
  let isQuoted = false;
  for (let index = brace + 1; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === "\\" && isQuoted) index++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === "}" && !isQuoted) return index + 1;
  }
  return undefined;
}

function readSeries(series: string): Labels | undefined {
  const brace = series.indexOf("{");
  const name = (brace === -1 ? series : series.slice(0, brace)).replaceAll(/^[ \t]+|[ \t]+$/g, "");
  if (name !== "" && !BARE_NAME.test(name)) return undefined;
  const pairs = brace === -1 ? [] : readLabelPairs(series.slice(brace + 1, -1));
  if (pairs === undefined) return undefined;
  if (name !== "" && pairs.some(([label]) => label === METRIC_NAME)) return undefined;
  const labels = Labels.fromEntries(name === "" ? pairs : [[METRIC_NAME, name], ...pairs]);
  return labels.metricName === "" ? undefined : labels;
}
