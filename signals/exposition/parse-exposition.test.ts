import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRIC_NAME } from "../labels.ts";
import { type ExpositionFormat, formatOf } from "./exposition-format.ts";
import { escapeLabelValue } from "./label-pairs.ts";
import { ExpositionParser, parseExposition } from "./parse-exposition.ts";

/** Any code point. The unit "binary" of fast-check is made anew in each test file, which takes seconds. */
const codePoint = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point).toWellFormed());

const read = (text: string, format?: ExpositionFormat) =>
  parseExposition(text, format).map(({ labels, value, timestampMs }) => ({
    ...labels.toRecord(),
    value,
    ...(timestampMs === undefined ? {} : { timestampMs }),
  }));

describe("the text format", () => {
  it("reads samples with and without labels, and skips comments", () => {
    expect(
      read(
        '# HELP up Up.\n# TYPE up gauge\nup 1\nhttp_requests_total{method="GET", status="200",} 1.5e3 1712\n\n',
      ),
    ).toEqual([
      { __name__: "up", value: 1 },
      { __name__: "http_requests_total", method: "GET", status: "200", value: 1_500, timestampMs: 1_712 },
    ]);
  });

  it("reads the special values", () => {
    expect(read("a NaN\nb +Inf\nc -Inf\n").map(({ value }) => value)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it("reads braces and escapes inside label values", () => {
    expect(read('a{path="C:\\\\x",text="say \\"}\\" \\n now"} 2')).toEqual([
      { __name__: "a", path: "C:\\x", text: 'say "}" \n now', value: 2 },
    ]);
  });

  it("reads OpenMetrics: exemplars and units are skipped, timestamps are in seconds, _created is a series", () => {
    const text = [
      "# HELP wait_seconds Time spent waiting.",
      "# TYPE wait_seconds histogram",
      "# UNIT wait_seconds seconds",
      'wait_seconds_bucket{le="1.0"} 3 1.5 # {trace_id="abc # def"} 0.2 1.4',
      'wait_seconds_bucket{le="+Inf"} 4 # {} 7',
      "wait_seconds_created 1712000000.123",
      "# EOF",
      "",
    ].join("\n");
    expect(read(text, "openmetrics")).toEqual([
      { __name__: "wait_seconds_bucket", le: "1.0", value: 3, timestampMs: 1_500 },
      { __name__: "wait_seconds_bucket", le: "+Inf", value: 4 },
      { __name__: "wait_seconds_created", value: 1_712_000_000.123 },
    ]);
    expect(read("a 1 1712000000.123\n# EOF", "openmetrics")[0]?.timestampMs).toBe(1_712_000_000_123);
  });

  it("refuses OpenMetrics that is truncated, or that continues after its end", () => {
    expect(() => read("a 1\n", "openmetrics")).toThrow(/# EOF/);
    expect(() => read("", "openmetrics")).toThrow(/# EOF/);
    expect(() => read("a 1\n# EOF\nb 2\n", "openmetrics")).toThrow(/line 3/);
    expect(read("a 1\n# EOF\nb 2\n")).toHaveLength(2);
  });

  it.each([
    ["application/openmetrics-text; version=1.0.0; charset=utf-8", "openmetrics"],
    ["application/openmetrics-text", "openmetrics"],
    ["text/plain; version=0.0.4; charset=utf-8", "prometheus"],
    ["application/json", "prometheus"],
    [null, "prometheus"],
  ] as const)("reads the content type %s as %s", (contentType, format) => {
    expect(formatOf(contentType)).toBe(format);
  });

  it("stores bounds and quantiles in the one spelling that Prometheus stores, whatever the target writes", () => {
    const text = [
      "# TYPE d histogram",
      ...["1", "01.0", "2.50", "1000000", "0.00001", "+Inf", "inf", "soon"].map(
        (le) => `d_bucket{le="${le}"} 1`,
      ),
      "# TYPE gc summary",
      'gc{quantile="1"} 1',
      'gc{quantile=".5",le="1"} 1',
      "# TYPE other gauge",
      'other{le="1",quantile="1"} 1',
      "",
    ].join("\n");
    const stored = parseExposition(text).map(({ labels }) => [labels.get("le"), labels.get("quantile")]);
    expect(stored).toEqual([
      ["1.0", ""],
      ["1.0", ""],
      ["2.5", ""],
      ["1e+06", ""],
      ["1e-05", ""],
      ["+Inf", ""],
      ["+Inf", ""],
      ["soon", ""],
      ["", "1.0"],
      ["1", "0.5"],
      ["1", "1"],
    ]);
  });

  it("says of each sample what its page states of the metric, and of no other", () => {
    const text =
      '# TYPE a counter\na 1\na_total 1\nab 1\n# TYPE d histogram\nd_bucket{le="1"} 1\nd_sum 1\nother 1\n';
    expect(parseExposition(text).map(({ labels, type }) => [labels.metricName, type])).toEqual([
      ["a", "counter"],
      ["a_total", "counter"],
      ["ab", ""],
      ["d_bucket", "histogram"],
      ["d_sum", "histogram"],
      ["other", ""],
    ]);
  });

  it("accepts labels with commas, without, or with an additional one, and line feeds in a quoted value", () => {
    expect(read('a{b="c" d="e",} 1\na{,} 1'.split("\n")[0] ?? "")).toEqual([
      { __name__: "a", b: "c", d: "e", value: 1 },
    ]);
    expect(read('a{b="x\ny"} 1\nc 2')).toEqual([
      { __name__: "a", b: "x\ny", value: 1 },
      { __name__: "c", value: 2 },
    ]);
    expect(read('{"utf 8", b="c"}7')).toEqual([{ __name__: "utf 8", b: "c", value: 7 }]);
  });

  it.each([
    ["an exemplar in the text format", 'a 1 # {trace_id="x"} 1'],
    ["a comment after a value", "a 1 # told"],
    ["a carriage return", "a 1\r"],
    ["an empty line with a carriage return", "\r"],
    ["a byte order mark", "\ufeffa 1"],
    ["a hexadecimal number", "a 0x1F"],
    ["a number beyond the range", "a 1e999"],
    ["an underscore", "a 1_000"],
    ["a signed NaN", "a -NaN"],
    ["a fractional timestamp", "a 1 17.5"],
    ["a negative timestamp", "a 1 -17"],
    ["two timestamps", "a 1 17 18"],
    ["a type that is none", "# TYPE a statistic"],
    ["a type without its word", "# TYPE a"],
    ["two names", 'a{"b"} 1'],
    ["two quoted names", '{"a","b"} 1'],
    ["a comma before any label", "a{,} 1"],
  ])("refuses %s, where a scrape of Prometheus fails", (_name, line) => {
    expect(() => parseExposition(`ok 1\n${line}\n`)).toThrow(/line 2/);
  });

  it.each([
    ["a blank line", "\n"],
    ["two blanks", "a  1\n"],
    ["a comment", "# told\n"],
    ["a type of the text format", "# TYPE a untyped\n"],
    ["an exemplar without braces", "a 1 # x\n"],
  ])("refuses %s in OpenMetrics", (_name, line) => {
    expect(() => parseExposition(`ok 1\n${line}# EOF\n`, "openmetrics")).toThrow(/line 2/);
  });

  it("names the line that it cannot read", () => {
    for (const broken of ["a b", "1a 1", 'a{b="c" 1', "a{b=c} 1", "a", "a{b} 1", 'a{b="c"} 1 x']) {
      expect(() => parseExposition(`ok 1\n${broken}\n`)).toThrow(/line 2/);
    }
  });

  it("returns the same label object for the same series", () => {
    const parser = new ExpositionParser();
    expect(parser.parse('a{b="c"} 1')[0]?.labels).toBe(parser.parse('a{b="c"} 2')[0]?.labels);
  });

  it("reads back any labels and value that were written", () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((text) => text !== METRIC_NAME);
    const value = fc.string({ unit: codePoint, minLength: 1 });
    fc.assert(
      fc.property(name, fc.dictionary(name, value), fc.double({ noNaN: true }), (metric, labels, number) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabelValue(text)}"`);
        const [sample] = parseExposition(`${metric}{${pairs.join(",")}} ${number}\n`);
        expect(sample?.labels.toRecord()).toEqual({ ...labels, [METRIC_NAME]: metric });
        // A template string writes -0 as 0.
        expect(sample?.value).toBe(number + 0);
      }),
    );
  });

  it("throws only its own error, for any input", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        try {
          parseExposition(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-exposition" });
        }
      }),
    );
  });
});
