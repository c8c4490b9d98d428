/**
 * Builds programs that some tests need beyond npm's packages, with the machine's own Go: Toxiproxy and k6,
 * each once, into a cache folder. Without Go it says so, and the tests that need them are skipped.
 */
import { installGoProgram, installShopifyTests, TOXIPROXY_CLI, TOXIPROXY_SERVER } from "../chaos/index.ts";
import { installK6 } from "./k6.ts";

for (const program of [TOXIPROXY_SERVER, TOXIPROXY_CLI]) {
  const installed = await installGoProgram(program);
  if (installed.kind === "missing") console.log(`optional program: ${installed.why}`);
}
const tests = await installShopifyTests();
if (tests.kind === "missing") console.log(`optional program: ${tests.why}`);
const k6 = await installK6();
if ("missing" in k6) console.log(`optional program: ${k6.missing}`);
