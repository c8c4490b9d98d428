import type { Command } from "commander";
import { systemClock } from "../../core/index.ts";
import {
  beginNight,
  checkContinued,
  checkHour,
  type FiledSpot,
  keepNight,
  type NightPlan,
  readCommit,
  readPlan,
} from "../../gates/index.ts";
import { GateFiling, type ReleasesOptions, readEvidence, readReleaseFiles } from "../../releases/index.ts";
import { commandLine } from "../../runs/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";
import { lookAtContracts, spotVenues } from "../contract-spot.ts";
import { openTarget, type TargetFlags, withTargetFlags } from "../open-target.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { wholeNumber } from "../parse-arguments.ts";
import { release, releasesOf } from "../release-flags.ts";
import { lockRelease } from "../release-lock.ts";

/** An hour then is a second. The triggers of a lab, whose ranges need samples, allow less and say so. */
const GREATEST_NIGHT_SCALE = 3_600;

interface NightFlags extends TargetFlags {
  readonly timeScale: number;
  readonly newNight?: boolean;
}

/** `kanit first-night <release>`: a check each hour for 24 hours, and the report of the night. */
export function addFirstNightCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("first-night")
    .description("check a release each hour for 24 hours; goes on where it was when it is started again")
    .argument("<release>", "the release: v1.4.0", release)
    .option(
      "--time-scale <n>",
      "rehearse: how many times as fast as the wall clock; up to 300 in a lab",
      wholeNumber(1, GREATEST_NIGHT_SCALE),
      1,
    )
    .option("--new-night", "begin another night, although one has begun");
  withTargetFlags(command).action((name: string, flags: NightFlags) => firstNight(name, flags, context));
}

async function firstNight(name: string, flags: NightFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude, noteVerdict } = context;
  const { timeScale } = flags;
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  makeOutputFolder(releases.root, "--archive");
  await using _lock = await lockRelease(releases.root, `first-night-${name}`);
  const evidence = (file: string) => readEvidence(releases.root, name, file);
  const groups = await loadRuleFiles(ALL_RULE_FILES);
  const begun = flags.newNight === true ? null : await readPlan(evidence);
  if (begun !== null) checkContinued(begun, timeScale);
  await using opened = await openTarget(name, flags, context, {
    timeScale,
    triggers: groups,
    arm: "candidate",
  });
  const target = { ...opened.target, parts: { ...opened.target.parts, evidence } };
  const commit = (await readCommit(target.parts.repository?.directory ?? null, signal))?.sha ?? null;
  const openFiling = () =>
    GateFiling.open(releases, {
      ...{ release: name, gate: "first-night", commit, target: target.name },
      command: commandLine(["first-night", name]),
    });
  const plan = begun ?? (await beginNight({ release: name, timeScale, openFiling, clock: systemClock }));
  output.line(
    `${begun === null ? "begins" : "goes on with"} the first night of ${name}, from ${plan.startedAt}`,
  );
  const venues = spotVenues(target.parts);
  const stability = await keepNight({
    ...{ plan, evidence, openFiling, signal, target: target.name, clock: systemClock },
    checkHour: (limit) => checkHour({ target, rules: alertsOf(groups), clock: systemClock, signal: limit }),
    lookAtContracts:
      venues.length === 0
        ? null
        : (limit) => lookAtContracts(venues, target.allowedHosts, { ...context, signal: limit }),
    filedSpots: () => spotsSince(plan, releases),
    onLine: (line) => output.line(line),
    onVerdict: noteVerdict,
  });
  noteVerdict(stability.verdict);
  output.line(`${stability.verdict}  first night of ${name}`);
  for (const line of stability.findings) output.line(`  ${line}`);
  output.result({ release: name, plan, ...stability });
  conclude(stability.verdict);
}

/** The spot checks of a night: those that were filed since it began. */
async function spotsSince({ startedAt, release: name }: NightPlan, { root }: ReleasesOptions) {
  const files = await readReleaseFiles(root, name, (path) => /^contract_spot_[^/]+\.txt$/.test(path));
  const verdicts = ["pass", "fail"] as const;
  return files
    .filter(({ atMs }) => atMs >= Date.parse(startedAt))
    .map(({ path, text }): FiledSpot => {
      const said = /^verdict\s+(\w+)$/m.exec(text ?? "")?.[1];
      return { name: path, verdict: verdicts.find((each) => each === said) ?? "inconclusive" };
    });
}
