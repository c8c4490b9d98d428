import { describe, expect, it } from "vitest";
import { parseFault } from "./parse-fault.ts";
import { faultLabel } from "./registry.ts";

describe("the faults of PostgreSQL", () => {
  it.each([
    [
      "pg-commit-reply-lost",
      ["every=2", "how=close"],
      "reply to each second COMMIT lost (close) on postgres",
    ],
    [
      "pg-error-reply",
      ["pattern=^insert into orders", "sqlState=53200", "first=3"],
      "53200 in answer to query /^insert into orders/ (the first 3), not executed, on postgres",
    ],
    ["pg_error_reply", ["at=connect", "sqlstate=53300"], "53300 in answer to each login on postgres"],
    ["pg-query-delay", ["delayMs=300", "nth=5"], "delay of 300 ms for the 5th query on postgres"],
    [
      "pg-result-cut",
      ["rows=3", "pattern=from fills", "toxicity=0.5"],
      "result of each query /from fills/ cut after 3 rows (close) on postgres (50 % of connections)",
    ],
  ])("describe %s %j", (kind, pairs, label) => {
    expect(faultLabel(parseFault("postgres", kind, pairs))).toBe(label);
  });

  it.each([
    ["pg-error-reply", ["sqlState=4000"], /five characters/],
    ["pg-error-reply", ["pattern=("], /regular expression/],
    ["pg-query-delay", [], /delayMs/],
    ["pg-commit-reply-lost", ["how=gently"], /how/],
    ["pg-commit-reply-lost", ["stream=upstream"], /Expected an attribute of/],
  ])("refuse %s %j", (kind, pairs, message) => {
    expect(() => parseFault("postgres", kind, pairs)).toThrow(message);
  });
});
