import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { completeScenario } from "../harness/index.ts";
import { scenarioNamed } from "../scenarios/index.ts";
import { runOnce } from "./testing/suite.ts";

const PATH = "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin";
const hasHaproxy = spawnSync("haproxy", ["-v"], { env: { PATH } }).status === 0;

const OF_USERS = 'route!~"/metrics|/api/healthz"';
const SHARE = `100 * sum(http_requests_total{job="candidate",${OF_USERS}}) / sum(http_requests_total{${OF_USERS}})`;
/** About 300 requests: outside of it lies one of a million shares that came about by chance around a quarter. */
const [LEAST, MOST] = [13, 38];

const steady = scenarioNamed("steady-state");
/** A candidate that computes money wrong, and takes a quarter of the requests. */
const wrongMoney = completeScenario({
  ...steady,
  name: "wrong-money-in-a-quarter",
  canary: { defects: ["float-money"], sharePercent: 25 },
  faults: [],
  timing: { steadyBeforeMs: 4_000, steadyAfterMs: 0 },
  expectation: {
    ...steady.expectation,
    holds: [
      ...steady.expectation.holds,
      { name: "least share of the candidate", expression: SHARE, limit: { atLeast: LEAST } },
      { name: "greatest share of the candidate", expression: SHARE, limit: { atMost: MOST } },
    ],
  },
});

describe.skipIf(!hasHaproxy)("a scenario with a candidate (skipped without the program haproxy)", () => {
  it("finds in the common books what only the candidate computes wrong, and measures its share", async () => {
    const record = await runOnce(wrongMoney, { settlesWithinMs: 2_000 });
    const failed = record.checks.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
    expect(failed).toContain("fills-agree");
    const shares = record.checks.filter(({ name }) => name.endsWith("share of the candidate"));
    expect(shares.map(({ verdict, received }) => [verdict, received])).toEqual([
      ["pass", expect.anything()],
      ["pass", expect.anything()],
    ]);
  });
});
