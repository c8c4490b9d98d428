import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { formatDuration, parseDurationMs, systemClock, UsageError } from "../../core/index.ts";
import { readReleaseDefinition } from "../../definition/index.ts";
import {
  type CanaryArms,
  haproxyTraffic,
  openRequestMeter,
  releaseArms,
  releaseTraffic,
  type TrafficSplit,
} from "../../gates/index.ts";
import { canaryOf, haproxyArmsOf } from "../../lab/index.ts";
import { sharePercent } from "../canary-flags.ts";
import { formatShare } from "../canary-view.ts";
import { type LabChoice, pickLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import { checkInputFile } from "../input-file.ts";
import { nonEmpty } from "../parse-arguments.ts";

const DEFAULT_MEASURE_MS = 5_000;
const SHORTEST_MEASURE_MS = 1_000;
const MANUAL_INTERVAL_MS = 5_000;
const MANUAL_LONGEST_MS = 1_800_000;

interface TrafficFlags extends LabChoice {
  readonly releaseFile?: string;
  readonly for: number;
}

/** `kanit traffic`: sets which part of the requests goes to the candidate, and measures it. */
export function addTrafficCommand(program: Command, context: CommandContext): void {
  withLabChoice(
    program
      .command("traffic")
      .description("set which part of the requests goes to the candidate, or measure it")
      .argument("[percent]", "from 0 (nobody) to 100 (everybody); left out: measures it", sharePercent)
      .option("--release-file <file>", "the canary of a release in place of a lab's", nonEmpty)
      .option("--for <duration>", "how long to measure (default: 5s)", readMeasureTime, DEFAULT_MEASURE_MS),
  ).action((percent: number | undefined, flags: TrafficFlags) => traffic(percent, flags, context));
}

/** The two arms of a lab or of a release, and what splits the traffic between them. */
interface SplitArms {
  readonly name: string;
  readonly arms: CanaryArms;
  readonly allowedHosts: readonly string[];
  readonly split: (ask: (text: string) => void, measure: Measure) => TrafficSplit;
}

type Measure = (
  signal: AbortSignal,
) => Promise<{ readonly stable: number; readonly candidate: number } | null>;

async function traffic(
  percent: number | undefined,
  flags: TrafficFlags,
  context: CommandContext,
): Promise<void> {
  const { output, signal } = context;
  const { name, arms, allowedHosts, split } = await openArms(flags, context);
  await using meter = await openRequestMeter(arms, { allowedHosts, clock: systemClock });
  if (percent !== undefined) {
    const measure: Measure = async (aborted) => {
      const measured = await meter.read(aborted);
      return measured.kind === "measured" ? measured.requests : null;
    };
    const chosen = split((text) => output.line(text), measure);
    await chosen.setShare(percent, signal);
    output.result({ canary: name, sharePercent: percent, by: chosen.kind });
    output.line(`The candidate of ${name} gets ${formatShare(percent)} of the requests.`);
    return;
  }
  await meter.read(signal);
  await systemClock.sleep(flags.for, signal);
  const measured = await meter.read(signal);
  const time = formatDuration(flags.for);
  output.result({ canary: name, forMs: flags.for, ...measured });
  if (measured.kind === "unknown") return output.line(`The share is not known: ${measured.why}.`);
  const { stable, candidate } = measured.requests;
  const all = stable + candidate;
  const share = all === 0 ? "no request was counted" : formatShare((100 * candidate) / all);
  output.line(`The candidate of ${name} got ${share} in ${time}: ${candidate} of ${all} requests of users.`);
}

async function openArms(flags: TrafficFlags, { environment }: CommandContext): Promise<SplitArms> {
  if (flags.releaseFile !== undefined) return releaseSplit(flags.releaseFile, environment.variable);
  const lab = pickLab(await readyLabs(environment, flags), flags);
  const canary = canaryOf(lab);
  const pagesOf = ({ metrics }: typeof canary.stable) =>
    ({ kind: "scrape", metricsUrls: metrics.map((each) => new URL(each)) }) as const;
  return {
    name: `lab ${lab.id}`,
    arms: { stable: pagesOf(canary.stable), candidate: pagesOf(canary.candidate) },
    allowedHosts: [],
    split: () => haproxyTraffic(haproxyArmsOf(canary)),
  };
}

async function releaseSplit(
  file: string,
  variable: (name: string) => string | undefined,
): Promise<SplitArms> {
  checkInputFile(file, "release");
  const definition = await readReleaseDefinition(file, variable);
  const { canary, allowHosts: allowedHosts, directory } = definition;
  const arms = releaseArms(definition);
  if (canary === null || arms === null) {
    throw new UsageError({
      code: "no-canary",
      message: `Expected the section canary in ${file}, got none.`,
      nextStep: "docs/canary-traffic.md shows how traffic is split.",
    });
  }
  const times = { clock: systemClock, intervalMs: MANUAL_INTERVAL_MS, longestMs: MANUAL_LONGEST_MS };
  return {
    name: dirname(resolve(file)),
    ...{ arms, allowedHosts },
    split: (ask, measure) =>
      releaseTraffic(canary.traffic, { directory, allowedHosts, manual: { ask, measure, ...times } }),
  };
}

function readMeasureTime(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs >= SHORTEST_MEASURE_MS) return durationMs;
  throw new UsageError({
    code: "bad-duration",
    message: `Expected --for to be at least ${formatDuration(SHORTEST_MEASURE_MS)}, got ${JSON.stringify(text)}.`,
    nextStep: "Write it as 5s or 1m.",
  });
}
