import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import {
  DIFFERENT_ON_PURPOSE,
  installShopifyTests,
  parseResults,
  runShopifyTests,
  type ShopifyResult,
  withoutServer,
} from "./shopify-tests.ts";

const TIMEOUT_MS = 120_000;
const tests = await installShopifyTests();
const namespace = await promisify(execFile)("unshare", ["--map-root-user", "--net", "true"]).then(
  () => null,
  (error: Error) => `no network namespace for fixed ports: ${error.message.split("\n")[0]}`,
);
const skipped = tests.kind === "missing" ? tests.why : namespace;

describe("Shopify's own tests of the API, on kanit's proxy", () => {
  let results: readonly ShopifyResult[] = [];
  beforeAll(async () => {
    if (tests.kind === "installed" && skipped === null) results = await runShopifyTests(tests, TIMEOUT_MS);
  }, TIMEOUT_MS);

  it("all run", ({ skip }) => {
    if (tests.kind === "missing" || skipped !== null) return skip(skipped ?? "");
    expect(results.map(({ name }) => name).toSorted()).toEqual([...tests.names].toSorted());
    expect(results.length).toBeGreaterThan(30);
  });

  it("pass, but for those that kanit answers differently on purpose", ({ skip }) => {
    if (skipped !== null) return skip(skipped);
    const failed = results.filter(({ passed }) => !passed);
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
      "=== RUN   TestThree\npanic: test timed out",
    ].join("\n");
    const results = parseResults(output).map(({ name, passed }) => [name, passed]);
    expect(results).toEqual([
      ["TestOne", true],
      ["TestTwo", false],
      ["TestThree", false],
    ]);
  });

  it("are never those of another server: a file without the server that is replaced is refused", () => {
    expect(() => withoutServer("package toxiproxy_test\n")).toThrow("found 0");
  });
});
