import { describe, expect, it } from "vitest";
import { runScript } from "../../test-language/run-script.ts";

/** Cases in Prometheus's test language, for what the cases in the data folder do not cover. */
const CASES: Readonly<Record<string, string>> = {
  "histogram_quantile interpolates inside a bucket, and knows its edges": `
    load 1m
      h_bucket{le="0.1"} 0+2x10
      h_bucket{le="1e0"} 0+6x10
      h_bucket{le="+Inf"} 0+8x10
      low_bucket{le="-1"} 0+4x10
      low_bucket{le="+Inf"} 0+4x10
      open_bucket{le="1"} 0+4x10

    eval instant at 10m histogram_quantile(0.5, rate(h_bucket[5m]))
      {} 0.55

    eval instant at 10m histogram_quantile(0.99, h_bucket)
      {} 1

    eval instant at 10m histogram_quantile(0.5, low_bucket)
      {} -1

    eval instant at 10m histogram_quantile(0.5, open_bucket)
      {} NaN

    eval instant at 0 histogram_quantile(0.5, h_bucket)
      {} NaN

    eval instant at 10m histogram_quantile(2, h_bucket)
      expect warn
      {} +Inf

    eval instant at 10m histogram_quantile(0.5, {__name__=~"(h|low)_bucket"})
      expect fail msg: vector cannot contain metrics with the same labelset`,
  "histogram_quantile mends buckets that fall, and says so": `
    load 1m
      h_bucket{le="1"} 8
      h_bucket{le="2"} 4
      h_bucket{le="+Inf"} 10

    eval instant at 0 histogram_quantile(0.4, h_bucket)
      expect info
      {} 0.5`,
  "histogram_fraction interpolates inside a bucket, whose first begins at zero or below everything": `
    load 1m
      h_bucket{le="1"} 0+2x10
      h_bucket{le="3"} 0+6x10
      h_bucket{le="+Inf"} 0+8x10
      low_bucket{le="-1"} 0+2x10
      low_bucket{le="1"} 0+4x10
      low_bucket{le="+Inf"} 0+4x10
      open_bucket{le="1"} 0+4x10

    eval instant at 10m histogram_fraction(0.5, 2, h_bucket)
      {} 0.375

    eval instant at 10m histogram_fraction(0, 3, rate(h_bucket[5m]))
      {} 0.75

    eval instant at 10m histogram_fraction(2, +Inf, h_bucket)
      {} 0.5

    eval instant at 10m histogram_fraction(-Inf, 0, low_bucket)
      {} 0.75

    eval instant at 10m histogram_fraction(2, 2, h_bucket)
      {} 0

    eval instant at 10m histogram_fraction(0, NaN, h_bucket)
      {} NaN

    eval instant at 0 histogram_fraction(0, 1, h_bucket)
      {} NaN

    eval instant at 10m histogram_fraction(0, 1, open_bucket)
      {} NaN`,
  "remarks on histograms name the metric where it is known": `
    load 1m
      falling_bucket{le="1"} 8
      falling_bucket{le="2"} 4
      falling_bucket{le="+Inf"} 10
      plain{le="wide"} 1

    eval instant at 0 histogram_quantile(0.4, falling_bucket)
      expect info regex: fixed for monotonicity .* for metric name "falling_bucket"
      {} 0.5

    eval instant at 0 histogram_quantile(0.4, sum by (le) (falling_bucket))
      expect info regex: fixed for monotonicity [^"]*$
      {} 0.5

    eval instant at 0 histogram_fraction(0, 1, plain)
      expect warn msg: PromQL warning: bucket label "le" is missing or has a malformed value of "wide" for metric name "plain"`,
  "type and unit go wherever the name goes; in matching and without they are labels as others": `
    load 1m
      a_total{__type__="counter",__unit__="seconds",x="1"} 0+60x10
      b{__type__="gauge",x="1"} 3

    eval instant at 10m rate(a_total[5m])
      {x="1"} 1

    eval instant at 0 a_total + b

    eval instant at 0 a_total + on (x) b
      {x="1"} 3

    eval instant at 0 sum without (x) (b)
      {__type__="gauge"} 3

    eval instant at 0 sum by (__type__) (b + 0)
      {} 3

    eval instant at 0 sum by (__type__) (b)
      {__type__="gauge"} 3

    eval instant at 0 b > 0
      b{__type__="gauge",x="1"} 3`,
  "a counter that is reset inside a range with a gap, or after a stale marker, loses nothing": `
    load 1m
      gap_total 10 20 _ 5 15
      stale_total 10 20 stale 5 15

    eval range from 4m to 6m step 1m increase(gap_total[5m])
      {} 31.25 25 20

    eval range from 4m to 6m step 1m resets(gap_total[5m]) + resets(stale_total[5m])
      {} 2 2 0

    eval instant at 4m increase(stale_total[5m]) - increase(gap_total[5m])
      {} 0`,
  "rate stops extrapolating where a counter would have been below zero, and adds up resets": `
    load 1m
      early_total 1+60x10
      reset_total 0 10 20 5 15

    eval instant at 10m increase(early_total[20m])
      expect no_info
      {} 601

    eval instant at 4m increase(reset_total[5m])
      {} 35

    eval instant at 4m delta(reset_total[5m])
      {} 18.75

    eval instant at 4m resets(reset_total[5m]) + changes(reset_total[5m])
      {} 5

    eval instant at 3m irate(reset_total[5m])
      {} 0.08333333333

    eval instant at 0 rate(reset_total[5m])`,
  "deriv and predict_linear fit a line": `
    load 1m
      a 5+3x10
      flat 7x10

    eval instant at 10m deriv(a[10m]) * 60
      {} 3

    eval instant at 10m predict_linear(a[10m], 5m)
      {} 50

    eval instant at 10m predict_linear(flat[10m], 3600)
      {} 7`,
  "values at the edge are as Go computes them": `
    load 1m
      m{le="1"} 7
      n NaN
      t 1e13

    eval instant at 0 count_values without (le) ("le", m)
      {} 1

    eval instant at 0 count_values by (le) ("v", m)
      {le="1",v="7"} 1

    eval instant at 0 7 == on() m
      m{le="1"} 7

    eval instant at 0 clamp_min(n, Inf)
      {} +Inf

    eval instant at 0 clamp_max(n, -Inf)
      {} -Inf

    eval instant at 0 clamp_max(n, 1)
      {} NaN

    eval instant at 0 topk(-Inf, m)

    eval instant at 0 topk(NaN, m)
      expect fail

    eval instant at 0 year(t)
      {} 318857

    eval instant at 0 day_of_year(t) + 1000 * month(t)
      {} 5140

    eval instant at 0 year(-1 * t)
      {} -314918

    eval instant at 0 year(n)
      {} 292277026596

    eval instant at 0 quantile_over_time(2, none[5m])
      expect no_warn
`,
  "label_replace and label_join write labels": `
    load 1m
      a{host="spark-1:8080"} 1

    eval instant at 0 label_replace(a, "node", "\${name}/$2", "host", "(?P<name>[a-z]+)-(\\\\d+):.*")
      a{host="spark-1:8080",node="spark/1"} 1

    eval instant at 0 label_replace(a, "node", "$1", "host", "[a-z]+")
      a{host="spark-1:8080"} 1

    eval instant at 0 label_join(a, "both", "+", "host", "none", "__name__")
      a{host="spark-1:8080",both="spark-1:8080++a"} 1

    eval instant at 0 label_replace(a, "x", "$1", "host", "(")
      expect fail`,
  "absent takes the labels that were demanded by equality": `
    load 1m
      a{x="1"} 1

    eval instant at 0 absent(a{x="1"})

    eval instant at 0 absent(a{x="2",y=~"z.*",w!="v"})
      {x="2"} 1

    eval instant at 0 absent(sum(a{x="2"}))
      {} 1

    eval instant at 10m absent_over_time(a{x="1"}[5m])
      {x="1"} 1`,
  "the calendar is UTC's": `
    eval instant at 0 year(vector(951782400)) * 10000 + month(vector(951782400)) * 100 + day_of_month(vector(951782400))
      {} 20000229

    eval instant at 0 days_in_month(vector(951782400)) + day_of_week(vector(951782400)) / 10 + day_of_year(vector(951782400)) / 1000
      {} 29.26

    eval instant at 90m hour() * 100 + minute()
      {} 130`,
  "the elementwise functions drop the name": `
    load 1m
      a{x="1"} -2.5

    eval instant at 0 round(a) + ceil(a) * 10 + floor(a) * 100 + abs(a) * 1000 + sgn(a) * 10000
      {x="1"} -7822

    eval instant at 0 clamp(a, -1, 1) + clamp_min(a, 0) + clamp_max(a, -3)
      {x="1"} -4

    eval instant at 0 ln(exp(a)) + log2(2 ^ a) + log10(10 ^ a) + sqrt(a * a)
      {x="1"} -5

    eval instant at 0 deg(rad(a)) + sin(a) ^ 2 + cos(a) ^ 2
      {x="1"} -1.5`,
  "time and timestamp: of the evaluation, and of the sample": `
    load 1m
      a 3

    eval instant at 90s time()
      90

    eval instant at 90s timestamp(a)
      {} 0

    eval instant at 90s timestamp(a + 1)
      {} 90

    eval instant at 90s vector(scalar(a)) + pi() * 0
      {} 3

    eval instant at 90s scalar(nothing)
      NaN`,
};

const unindented = (script: string) => script.replace(/^ {4}/gm, "");

describe("PromQL's functions", () => {
  for (const [what, script] of Object.entries(CASES)) {
    it(what, () => {
      const outcomes = runScript(unindented(script), {});
      expect(outcomes.length).toBeGreaterThan(0);
      expect(outcomes.filter((outcome) => outcome.kind !== "passed")).toEqual([]);
    });
  }
});
