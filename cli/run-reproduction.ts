import { systemClock } from "../core/index.ts";
import { describeRate, parseReproduction, repeatReproduction, subjectOf } from "../explorer/index.ts";
import { startProvenLab } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import { readInputText } from "./input-file.ts";
import { completeLabFlags, type LabFlags } from "./lab-flags.ts";

const LARGEST_BYTES = 4 * 1_024 * 1_024;

/** `kanit run --reproduction FILE`: repeats a failure that an exploration found. */
export async function runReproduction(
  path: string,
  times: number,
  flags: LabFlags,
  { environment, output, signal, noteVerdict, conclude }: CommandContext,
): Promise<void> {
  const reproduction = parseReproduction(await readInputText(path, LARGEST_BYTES), path);
  const { repeat: _, runtime, outDirectory: __, ...lab } = await completeLabFlags(flags, environment);
  const subject = subjectOf(lab.platform);
  output.line(reproduction.story);
  await using started = await startProvenLab(runtime, {
    ...{ ...lab, signal, platform: subject.platform, logDirectory: null },
    temporaryDirectory: environment.temporaryDirectory,
  });
  const repeated = await repeatReproduction(reproduction, {
    ...{ lab: started, subject, times, signal, clock: systemClock },
    listener: ({ isSame, findings }) => {
      output.line(
        `${isSame ? "✕ it fails again" : "· it does not fail"}${findings.map((each) => `\n    ${each}`).join("")}`,
      );
    },
  });
  noteVerdict(repeated.verdict);
  for (const line of repeated.timeline) output.line(`  ${line}`);
  output.line(`\n${repeated.verdict.toUpperCase()}  the failure happened in ${describeRate(repeated.rate)}`);
  output.result({ verdict: repeated.verdict, rate: repeated.rate, signature: reproduction.signature });
  conclude(repeated.verdict);
}
