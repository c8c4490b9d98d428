import { runRuleTests } from "../../signals/index.ts";

/**
 * `node rule-tests-main.ts FILE`: runs a file of rule tests in kanit's evaluator, as `promtool test rules FILE` does.
 */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("expected a file of rule tests");
const wrong = (await runRuleTests(path)).flatMap((outcome) => outcome.wrong);
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exitCode = 1;
}
