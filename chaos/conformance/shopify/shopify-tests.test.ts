import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import {
  DIFFERENT_ON_PURPOSE,
  installShopifyTests,
  parseResults,
  runShopifyTests,
  type ShopifyResult,
} from "./shopify-tests.ts";
import { adaptedSource } from "./test-sources.ts";

const TIMEOUT_MS = 120_000;
const tests = await installShopifyTests();
const namespace = await promisify(execFile)("unshare", ["--map-root-user", "--net", "true"]).then(
  () => null,
  (error: Error) => `no network namespace for fixed ports: ${error.message.split("\n")[0]}`,
);
const skipped = tests.kind === "missing" ? tests.why : namespace;

describe("Shopify's own tests, on kanit's proxy", () => {
  let results: readonly ShopifyResult[] = [];
  beforeAll(async () => {
    if (tests.kind === "installed" && skipped === null) results = await runShopifyTests(tests, TIMEOUT_MS);
  }, TIMEOUT_MS);

  it("all run", ({ skip }) => {
    if (tests.kind === "missing" || skipped !== null) return skip(skipped ?? "");
    const names = tests.programs.flatMap(({ tests }) => tests.flat());
    expect(results.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(results.length).toBeGreaterThan(55);
  });

  it("pass, but for those that kanit answers differently on purpose", ({ skip }) => {
    if (skipped !== null) return skip(skipped);
    const failed = results.filter(({ verdict }) => verdict === "failed");
    const unexpected = failed.filter(({ name }) => !(name in DIFFERENT_ON_PURPOSE));
    expect(unexpected.map(({ output }) => output)).toEqual([]);
    expect(failed.map(({ name }) => name).toSorted()).toEqual(Object.keys(DIFFERENT_ON_PURPOSE).toSorted());
  });
});

describe("the results of Go's tests", () => {
  it("are read from its output, a test that never ended being a failure", () => {
    const output = [
      "=== RUN   TestOne\n--- PASS: TestOne (0.00s)",
      "=== RUN   TestTwo\n    api_test.go:1: why\n--- FAIL: TestTwo (0.00s)",
      "=== RUN   TestFour\n    a_test.go:28: [read] Time was more than 10ms off\n--- FAIL: TestFour (0.00s)",
      "=== RUN   TestThree\npanic: test timed out",
    ].join("\n");
    const results = parseResults(output).map(({ name, verdict }) => [name, verdict]);
    expect(results).toEqual([
      ["TestOne", "passed"],
      ["TestTwo", "failed"],
      ["TestFour", "late"],
      ["TestThree", "failed"],
    ]);
  });

  it("are never those of another server: a file without the server that is replaced is refused", () => {
    expect(() => adaptedSource("a_test.go", "package toxiproxy_test\n", 2)).toThrow("found 0");
  });
});
