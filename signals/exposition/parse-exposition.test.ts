import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRIC_NAME } from "../labels.ts";
import { escapeLabelValue } from "./label-pairs.ts";
import { type ExpositionFormat, ExpositionParser, formatOf, parseExposition } from "./parse-exposition.ts";

const read = (text: string, format?: ExpositionFormat) =>
  parseExposition(text, format).map(({ labels, value, timestampMs }) => ({
    ...labels.toRecord(),
    value,
    ...(timestampMs === undefined ? {} : { timestampMs }),
  }));

describe("the text format", () => {
  it("reads samples with and without labels, and leaves comments out", () => {
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

  it("reads OpenMetrics: exemplars and units are left out, timestamps are in seconds, _created is a series", () => {
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

  it("refuses OpenMetrics that was cut off, or that goes on behind its end", () => {
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
  ] as const)("takes the content type %s as %s", (contentType, format) => {
    expect(formatOf(contentType)).toBe(format);
  });

  it("names the line that it cannot read", () => {
    for (const broken of ["a b", "1a 1", 'a{b="c" 1', "a{b=c} 1", "a", "a{b} 1", 'a{b="c"} 1 x']) {
      expect(() => parseExposition(`ok 1\n${broken}\n`)).toThrow(/line 2/);
    }
  });

  it("gives the same label object for the same series again", () => {
    const parser = new ExpositionParser();
    expect(parser.parse('a{b="c"} 1')[0]?.labels).toBe(parser.parse('a{b="c"} 2')[0]?.labels);
  });

  it("reads back whatever labels and value were written", () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((text) => text !== METRIC_NAME);
    const value = fc.string({ unit: "binary", minLength: 1 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(name, fc.dictionary(name, value), fc.double({ noNaN: true }), (metric, labels, number) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabelValue(text)}"`);
        const [sample] = parseExposition(`${metric}{${pairs.join(",")}} ${number}\n`);
        expect(sample?.labels.toRecord()).toEqual({ ...labels, [METRIC_NAME]: metric });
        // A template writes -0 as 0.
        expect(sample?.value).toBe(number + 0);
      }),
    );
  });

  it("throws only its own error, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          parseExposition(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-exposition" });
        }
      }),
    );
  });
});
