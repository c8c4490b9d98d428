import { describe, expect, it } from "vitest";
import { parsePromql } from "../promql/parse-promql.ts";
import { neverStored } from "./never-stored.ts";

const of = (expression: string) => neverStored(parsePromql(expression));

describe("a condition on a bound that Prometheus 3 stores in another spelling", () => {
  it("is found, with the stored spelling", () => {
    expect(of('rate(d_bucket{le="1"}[5m]) / on () rate(d_count[5m])')).toEqual([
      { written: 'le="1"', stored: 'le="1.0"' },
    ]);
    expect(of('gc{quantile="1"} > 0.5')).toEqual([{ written: 'quantile="1"', stored: 'quantile="1.0"' }]);
    expect(of('d_bucket{le=~"1|5"}')).toEqual([{ written: 'le=~"1|5"', stored: 'le=~"1.0|5.0"' }]);
  });

  it("is not reported when some series can fulfill it", () => {
    for (const matcher of [
      'le="0.25"',
      'le="1.0"',
      'le="+Inf"',
      'le=~"1|1.0"',
      'le=~".+"',
      'le!="1"',
      'job="1"',
    ]) {
      expect(of(`d_bucket{${matcher}}`), matcher).toEqual([]);
    }
  });
});
