import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FuzzThreads } from "./fuzz-in-threads.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { fuzzTargets } from "./fuzz-targets.ts";
import type { FuzzCount, FuzzFinding } from "./run-fuzz.ts";

/**
 * `node bench/fuzz/fuzz-main.ts [TARGET …] [--cases 1000000] [--from 0] [--seed 1] [--result FILE]`: tests every reader
 * of foreign input with hostile input. `cases` is their number for all targets together, and `from` the part of it that
 * an earlier run has done. A target's name may end in `*`. Exit code 1 when a case ended in an undocumented error,
 * showed a stack, ended the program, had no answer, or stayed in memory.
 */
const { values, positionals } = parseArgs({
  options: {
    cases: { type: "string", default: "1000000" },
    from: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    result: { type: "string", default: "" },
  },
  allowPositionals: true,
});
/** More findings of one target would say the same. */
const MOST_SHOWN = 10;
const SHOWN_CHARACTERS = 400;

const [cases, from, seed] = [Number(values.cases), Number(values.from), Number(values.seed)];
await using opened = await fuzzTargets();
const chosen = opened.targets.filter(
  ({ name }) => positionals.length === 0 || positionals.some((each) => matches(each, name)),
);
const shares = chosen.reduce((sum, { share }) => sum + share, 0);
const partOf = (whole: number, { share }: FuzzTarget) => Math.ceil((whole * share) / shares);

const counts: FuzzCount[] = [];
const findings: FuzzFinding[] = [];
const startedAtMs = performance.now();
await using threads = new FuzzThreads();
for (const target of chosen) {
  const range = { seed, from: partOf(from, target), cases: partOf(cases, target) };
  const before = findings.length;
  let shownAtMs = performance.now();
  const count = await threads.run(target, range, {
    onFinding: (finding) => {
      findings.push(finding);
      if (findings.length - before <= MOST_SHOWN) show(finding);
    },
    onCase: (number) => {
      if (performance.now() - shownAtMs < 10_000) return;
      shownAtMs = performance.now();
      console.log(`… ${target.name}: ${Math.max(0, number - range.from)} of ${range.cases}`);
    },
  });
  counts.push(count);
  const rate = Math.round((count.cases / count.tookMs) * 1_000);
  console.log(
    `${target.name.padEnd(26)} ${count.cases} cases, ${count.refused} refused, slowest ${count.slowestMs.toFixed(1)} ms, ${Math.round(count.tookMs / 1_000)} s, ${rate}/s, ${findings.length - before} findings`,
  );
  writeResult();
}
const summary = summaryOf();
console.log(
  `\n${summary.cases} cases in ${summary.seconds} s: ${summary.deaths} deaths, ${summary.stacks} stacks, ${summary.hangs} hangs, ${summary.others} others`,
);
process.exitCode = findings.length === 0 ? 0 : 1;

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function summaryOf() {
  const of = (kind: FuzzFinding["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  return {
    ...{ seed, from },
    cases: counts.reduce((sum, count) => sum + count.cases, 0),
    seconds: Math.round((performance.now() - startedAtMs) / 1_000),
    ...{ deaths: of("death"), stacks: of("stack"), hangs: of("hang"), others: of("warning") + of("memory") },
  };
}

function writeResult(): void {
  if (values.result === "") return;
  const shown = findings.map((finding) => ({
    ...finding,
    input: finding.input.slice(0, 10 * SHOWN_CHARACTERS),
  }));
  writeFileSync(values.result, `${JSON.stringify({ ...summaryOf(), counts, findings: shown }, null, 2)}\n`);
}

function show({ kind, target, number, input, what }: FuzzFinding): void {
  console.log(
    `\n${kind} in ${target}, case ${number}\ninput ${JSON.stringify(input.slice(0, SHOWN_CHARACTERS))} (${input.length})\n${what}`,
  );
}
