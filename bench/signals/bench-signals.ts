import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Table } from "../fault-proxy/table.ts";
import { measureProgram } from "./measure-program.ts";
import { writeRuleTestCases } from "./rule-test-cases.ts";

const KANIT = fileURLToPath(new URL("rule-tests-main.ts", import.meta.url));

/**
 * A day of one-second samples through the rules, beside `promtool test rules` on the same files: whole processes, from
 * their start to their verdict, one after the other within one run. Trust the ratios.
 */
export async function benchSignals(rounds: number): Promise<void> {
  const promtool = spawnSync("promtool", ["--version"], { encoding: "utf8" });
  const programs = [
    { name: "kanit", command: process.execPath, args: [KANIT] },
    ...(promtool.status === 0 ? [{ name: "promtool", command: "promtool", args: ["test", "rules"] }] : []),
  ];
  if (promtool.status !== 0) console.log("promtool is not measured: it is not on the PATH");
  const directory = await mkdtemp(join(tmpdir(), "kanit-bench-signals-"));
  try {
    const cases = await writeRuleTestCases(directory);
    const [cpu] = cpus();
    console.log(`${cpus().length} × ${cpu?.model.trim()}, Linux ${release()}, Node ${process.version}`);
    if (promtool.status === 0) console.log(promtool.stdout.split("\n")[0]);
    console.log(`min / median / max of ${rounds} rounds; ahead: kanit's median against promtool's`);
    for (const { name, series, rules, path } of cases) {
      const table = new Table();
      for (let round = 0; round < rounds; round++) {
        for (const { name: program, command, args } of programs) {
          const figures = await measureProgram(command, [...args, path]);
          table.add(program, [
            { name: "time", unit: "s", better: "less", value: figures.wallSeconds },
            { name: "processor time", unit: "s", better: "less", value: figures.cpuSeconds },
            { name: "memory", unit: "MB", better: "less", value: figures.residentMb },
          ]);
        }
      }
      console.log(`\n${name}: ${rules} rules every 15 s over 24 h of ${series} series, a sample a second`);
      console.log(
        table
          .lines(
            programs.map((program) => program.name),
            { ours: "kanit", theirs: "promtool" },
          )
          .join("\n"),
      );
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}
