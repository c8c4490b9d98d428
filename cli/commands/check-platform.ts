import type { Command } from "commander";
import { formatPath, type Verdict } from "../../core/index.ts";
import { locatePlatformDefinition } from "../../definition/index.ts";
import type { PlatformFinding } from "../../harness/index.ts";
import { checkInLab } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { checkInputFile } from "../input-file.ts";
import { seed } from "../parse-arguments.ts";

const USUAL_FILE = "platform.yml";
const MARKS = { works: "✔", broken: "✘", "not-applicable": "–" } as const;
const NAME_WIDTH = 18;

/** `kanit check-platform`. */
export function addCheckPlatformCommand(program: Command, context: CommandContext): void {
  program
    .command("check-platform")
    .description("start a platform in a lab, and say of each thing in its definition whether it works")
    .argument("[file]", "the platform's definition", USUAL_FILE)
    .option("--seed <n>", "determines the market", seed, 1)
    .action((file: string, flags: { readonly seed: number }) => check(file, flags.seed, context));
}

async function check(
  file: string,
  chosenSeed: number,
  { environment, output, signal, conclude }: CommandContext,
): Promise<void> {
  checkInputFile(file, "platform");
  const { definition, placeOf } = await locatePlatformDefinition(file);
  environment.secrets.registerVariables(definition.environment);
  const findings: (PlatformFinding & { readonly line: number; readonly column: number })[] = [];
  await checkInLab({
    runtime: { name: "local" },
    lab: {
      platform: definition,
      market: { kind: "synthetic" },
      tapeSpeed: 1,
      seed: chosenSeed,
      linkPorts: {},
      platformEnvironment: {},
      canary: null,
      stepsClock: false,
      secrets: environment.secrets,
      logDirectory: null,
      temporaryDirectory: environment.temporaryDirectory,
    },
    listener: (finding) => {
      const place = placeOf(finding.part);
      findings.push({ ...finding, ...place });
      output.line(lineOf(finding, place));
    },
    signal,
  });
  const count = (state: PlatformFinding["state"]) => findings.filter((each) => each.state === state).length;
  const brokenParts = count("broken");
  output.line(`${count("works")} work, ${brokenParts} do not, ${count("not-applicable")} do not apply.`);
  output.result({
    file,
    platform: definition.name,
    findings: findings.map(({ part, ...rest }) => ({ part: formatPath(part), ...rest })),
  });
  const verdict: Verdict = brokenParts === 0 ? "pass" : "fail";
  conclude(verdict);
}

function lineOf(
  { part, state, found, fix }: PlatformFinding,
  { line, column }: { readonly line: number; readonly column: number },
): string {
  const place = `${line}:${column}`.padEnd(7);
  const advice = fix === null ? "" : ` → ${fix}`;
  return `${MARKS[state]} ${place} ${formatPath(part).padEnd(NAME_WIDTH)} ${found}${advice}`;
}
