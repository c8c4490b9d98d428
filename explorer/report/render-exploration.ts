import { counted } from "../../core/index.ts";
import type { Explored } from "../explore.ts";
import { describeRate } from "../failure/rate.ts";
import { textOf } from "../failure/signature.ts";

const MINUTE_MS = 60_000;
const SHOWN_REASONS = 5;

/** The result for a terminal: verdict, where the time went, what failed and how to repeat it, what was not reached. */
export function renderExploration({ record, reproductions, tookMs }: Explored): readonly string[] {
  const { verdict, experiments, verdicts, split, groups, faults, untouchedFaults, features } = record;
  const totalMs = Object.values(split).reduce((sum, ms) => sum + ms, 0);
  const part = (name: string, ms: number) => `${name} ${Math.round((100 * ms) / Math.max(1, totalMs))} %`;
  const never = Object.entries(record.sometimes).flatMap(([name, times]) => (times === 0 ? [name] : []));
  const reasons = Object.entries(record.unclear).toSorted(([, one], [, other]) => other - one);
  return [
    `${verdict.toUpperCase()}  ${counted(experiments, "experiment")}: ${verdicts.pass} passed, ${verdicts.fail} failed, ${verdicts.inconclusive} inconclusive`,
    `Speed  ${perMinute(experiments, tookMs)} experiments a minute; ${Math.round(totalMs / Math.max(1, experiments))} ms each: ${[
      part("reset", split.resetMs),
      part("operations", split.operationsMs),
      part("settling", split.settlingMs),
      part("checks", split.checksMs),
    ].join(", ")}`,
    `Reach  ${counted(record.operations, "operation")}, ${counted(faults, "fault")} (${untouchedFaults} touched nothing), ${features} different outcomes seen`,
    ...groups.flatMap((group) => {
      const found = reproductions.find(({ signature }) => textOf(signature) === textOf(group.signature));
      const times = `${counted(group.experiments.length, "experiment")}, first ${group.experiments[0]}`;
      const excuse = group.isConfirmed ? "" : "; only while the machine was busy, which proves nothing";
      return [
        `\n✕ ${textOf(group.signature)} (${times}${excuse})`,
        ...(found === undefined
          ? []
          : [
              `  ${found.story}`,
              `  ${found.sizes.found.join("+")} steps and faults, shrunk to ${found.sizes.shrunk.join("+")}; it failed in ${describeRate(found.rates.shrunk)}`,
              `  repeat it: ${found.command}`,
            ]),
      ];
    }),
    ...(never.length === 0 ? [] : [`\nNever happened, so it was not tested: ${never.join(", ")}.`]),
    ...reasons.slice(0, SHOWN_REASONS).map(([why, times]) => `inconclusive ${times} times: ${why}`),
  ];
}

/** How many experiments a minute this is. */
function perMinute(experiments: number, tookMs: number): number {
  return Math.round((MINUTE_MS * experiments) / Math.max(1, tookMs));
}
