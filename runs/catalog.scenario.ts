import { CATALOG, CORNER_CASES } from "../scenarios/index.ts";
import { describeScenario } from "./testing/suite.ts";

/**
 * Scenarios that the tests leave to the nightly run, since each costs 13 s, with what the tests have in their place.
 * They are run by name: `./kanit run failover`.
 */
const LEFT_TO_THE_NIGHT: Readonly<Record<string, string>> = {
  failover: "restore-to-a-point loses and restores the server in the same way",
  "postgres-killed":
    "restore-to-a-point kills Postgres too; local-powers.test.ts kills and starts each process",
  "pgbouncer-killed":
    "platform-killed has the same fault; local-powers.test.ts kills and starts each process",
  "idle-in-transaction":
    "hold-lock.test.ts and blocked-sessions.test.ts, with pg-outage for the platform's part",
  "lock-pile-up": "blocked-sessions.test.ts, with pg-outage for the platform's part",
  "pool-mode-mismatch": "pool-exhaustion takes the pooler's connections away in another way",
  "prepared-statements": "its platform prepares nothing by name, so that it is a control",
  "sequence-exhausted": "blocked-sessions.test.ts, with commit-reply-lost for the platform's part",
  "disk-full": "it needs root on Linux, who may mount a file system",
  "wal-archive-stopped": "no platform takes part in it; gates/red-team/wal-archiving.test.ts stops archives",
};

for (const name of Object.keys(LEFT_TO_THE_NIGHT))
  if (!CATALOG.some((scenario) => scenario.name === name))
    throw new TypeError(`Expected a scenario of the catalog, got ${name}.`);

// The corner cases are tested together (defects.scenario.ts): alone, each takes as long as any other scenario.
const tested = CATALOG.filter((each) => !(each.name in LEFT_TO_THE_NIGHT) && !CORNER_CASES.includes(each));
for (const scenario of tested) describeScenario(scenario);
