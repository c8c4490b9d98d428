import { parseArgs } from "node:util";
import { fuzzTargets } from "./fuzz-targets.ts";
import { runFuzz } from "./run-fuzz.ts";

/**
 * `node bench/fuzz/fuzz-main.ts [TARGET …] [--cases 1000000] [--seed 1]`: tests every parser of foreign input
 * with hostile input, with `cases` inputs for all targets together. Exit code 1 when a case ended in an
 * undocumented error, killed the process, or took over a second of CPU time.
 */
const { values, positionals } = parseArgs({
  options: { cases: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
let deaths = 0;
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error) => {
    deaths += 1;
    console.log(`death: ${error instanceof Error ? error.stack : String(error)}`);
  });
}
await using opened = await fuzzTargets();
const chosen = opened.targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const each = Math.ceil(Number(values.cases) / chosen.length);
const startedAtMs = performance.now();
const { counts, findings } = await runFuzz(chosen, { cases: each, seed: Number(values.seed) }, (count) => {
  const { target, cases, refused, slowestMs, tookMs } = count;
  console.log(
    `${target.padEnd(22)} ${cases} cases, ${refused} refused, slowest ${slowestMs.toFixed(1)} ms, ${Math.round(tookMs)} ms in all`,
  );
});
for (const { target, kind, input, what } of findings) {
  console.log(
    `\n${kind} in ${target}\ninput ${JSON.stringify(input.slice(0, 400))} (${input.length})\n${what}`,
  );
}
const cases = counts.reduce((sum, count) => sum + count.cases, 0);
const of = (kind: string) => findings.filter((finding) => finding.kind === kind).length;
const seconds = Math.round((performance.now() - startedAtMs) / 1_000);
console.log(`\n${cases} cases in ${seconds} s: ${deaths} deaths, ${of("stack")} stacks, ${of("hang")} hangs`);
process.exitCode = deaths + findings.length === 0 ? 0 : 1;
