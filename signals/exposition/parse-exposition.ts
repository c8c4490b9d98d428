import { UsageError } from "../../core/index.ts";
import { Labels, METRIC_NAME } from "../labels.ts";
import type { Sample } from "../sample-store.ts";
import { readLabelPairs } from "./label-pairs.ts";

/**
 * The two text formats. In OpenMetrics times count in seconds, samples may carry exemplars, and `# EOF` proves that
 * nothing was cut off; otherwise the lines are the same.
 */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** The format that a `Content-Type` names; anything else is Prometheus's own, as in Prometheus. */
export function formatOf(contentType: string | null): ExpositionFormat {
  return /^\s*application\/openmetrics-text\s*(?:;|$)/i.test(contentType ?? "")
    ? "openmetrics"
    : "prometheus";
}

/**
 * Reads Prometheus's text format 0.0.4 and OpenMetrics 1.0. Types, units and help are read over, and so are exemplars;
 * `_created` series are kept as any other, as Prometheus keeps them.
 *
 * A parser remembers the label sets that it has read, so reading the same target again and again is cheap and
 * gives the same label objects.
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
    const isOpenMetrics = format === "openmetrics";
    let hasEnded = false;
    let lineNumber = 0;
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf("\n", from);
      const to = newline === -1 ? text.length : newline;
      lineNumber++;
      const line = text.slice(from, to).trim();
      if (hasEnded && line !== "") throw badLine(lineNumber, "nothing after # EOF", line);
      if (isOpenMetrics && line === "# EOF") hasEnded = true;
      if (line !== "" && !line.startsWith("#"))
        samples.push(this.#parseLine(line, lineNumber, isOpenMetrics));
      from = to + 1;
    }
    if (isOpenMetrics && !hasEnded)
      throw badLine(lineNumber, "# EOF, without which a part may be missing,", "the end");
    return samples;
  }

  #parseLine(line: string, lineNumber: number, isOpenMetrics: boolean): Sample {
    const seriesEnd = endOfSeries(line);
    if (seriesEnd === undefined) throw badLine(lineNumber, "a metric name and labels", line);
    const [valueText = "", timestampText] = withoutExemplar(line.slice(seriesEnd)).trim().split(/\s+/);
    const value = readValue(valueText);
    if (value === undefined) throw badLine(lineNumber, "a number after the series", line);
    const labels = this.#labelsOf(line.slice(0, seriesEnd).trimEnd(), lineNumber);
    if (timestampText === undefined) return { labels, value };
    const timestamp = readValue(timestampText);
    if (timestamp === undefined) throw badLine(lineNumber, "a timestamp after the value", line);
    return { labels, value, timestampMs: isOpenMetrics ? Math.round(timestamp * 1_000) : timestamp };
  }

  #labelsOf(series: string, lineNumber: number): Labels {
    const known = this.#known.get(series);
    if (known !== undefined) return known;
    const labels = readSeries(series);
    if (labels === undefined) throw badLine(lineNumber, 'a series such as name{label="value"}', series);
    if (this.#known.size >= this.#maxKnown) this.#known.clear();
    this.#known.set(series, labels);
    return labels;
  }
}

/** Reads one exposition; see ExpositionParser. */
export function parseExposition(text: string, format?: ExpositionFormat): Sample[] {
  return new ExpositionParser().parse(text, format);
}

function badLine(lineNumber: number, expected: string, got: string): UsageError {
  return new UsageError({
    code: "bad-exposition",
    message: `Expected ${expected} in line ${lineNumber} of the exposition, got ${JSON.stringify(got.slice(0, 120))}.`,
    nextStep: "Check what the target serves: it must be Prometheus's text format 0.0.4 or OpenMetrics.",
  });
}

/** Where the series ends and its value begins: after the closing brace, or at the first blank. */
function endOfSeries(line: string): number | undefined {
  const brace = line.indexOf("{");
  const blank = line.search(/\s/);
  if (brace === -1 || (blank !== -1 && blank < brace && !/^\s*\{/.test(line.slice(blank)))) {
    return blank === -1 ? undefined : blank;
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

function withoutExemplar(rest: string): string {
  const hash = rest.indexOf(" # ");
  return hash === -1 ? rest : rest.slice(0, hash);
}

function readValue(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) {
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function readSeries(series: string): Labels | undefined {
  const brace = series.indexOf("{");
  const name = (brace === -1 ? series : series.slice(0, brace)).trim();
  if (name !== "" && !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) return undefined;
  const pairs = brace === -1 ? [] : readLabelPairs(series.slice(brace + 1, -1));
  if (pairs === undefined) return undefined;
  const labels = Labels.fromEntries(name === "" ? pairs : [[METRIC_NAME, name], ...pairs]);
  return labels.metricName === "" ? undefined : labels;
}
