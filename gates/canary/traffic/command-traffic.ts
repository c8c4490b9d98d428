import { UsageError } from "../../../core/index.ts";
import { COMMAND_TEMPLATES, fillLine, wordsOf } from "./command-templates.ts";
import { runLine } from "./run-line.ts";
import { type TrafficSplit, TrafficSplitError } from "./traffic-split.ts";

/** A balancer changes its weights in seconds; a command that takes longer hangs. */
const LIMIT_MS = 60_000;

export interface CommandTrafficOptions {
  /** A line of a shell with {share} and {stable}: the percentages of both arms. */
  readonly line: string;
  readonly takesFractions: boolean;
  /** Where the line runs. */
  readonly directory: string;
}

/** Splits the traffic by a line of a shell, whose exit code 0 says that it is done. */
export function commandTraffic({ line, takesFractions, directory }: CommandTrafficOptions): TrafficSplit {
  const lineFor = (sharePercent: number) => {
    const isWhole = Number.isInteger(sharePercent);
    if (!(sharePercent >= 0 && sharePercent <= 100) || !(isWhole || takesFractions))
      throw notPossible(sharePercent, takesFractions);
    const stable = Number((100 - sharePercent).toFixed(2));
    return fillLine(line, { share: String(sharePercent), stable: String(stable) });
  };
  return {
    kind: "command",
    describe: lineFor,
    setShare: async (sharePercent, signal) => {
      const filled = lineFor(sharePercent);
      const limit = AbortSignal.timeout(LIMIT_MS);
      const ended = await runLine(filled, directory, AbortSignal.any([signal, limit])).catch(
        (error: unknown) => {
          if (limit.aborted && !signal.aborted)
            throw failed(filled, `no end within ${LIMIT_MS / 1_000} s`, "");
          throw error;
        },
      );
      if (!ended.isSuccess) throw failed(filled, ended.ending, ended.said);
    },
  };
}

/**
 * Returns the line of a ready command with the values of `release.yml`.
 *
 * @throws UsageError `unknown-traffic-template`, `bad-traffic-values`
 */
export function templateTraffic(
  { template, values }: { readonly template: string; readonly values: Readonly<Record<string, string>> },
  directory: string,
): TrafficSplit {
  const found = COMMAND_TEMPLATES.find(({ name }) => name === template);
  if (found === undefined) {
    throw new UsageError({
      code: "unknown-traffic-template",
      message: `Expected canary.traffic.template to be ${COMMAND_TEMPLATES.map(({ name }) => name).join(", ")}, got ${JSON.stringify(template)}.`,
      nextStep: "docs/canary-traffic.md shows them; any other command is {kind: command, set: …}.",
    });
  }
  const wanted = wordsOf(found.line);
  const missing = wanted.filter((word) => values[word] === undefined);
  const unknown = Object.keys(values).filter((word) => !wanted.includes(word));
  if (missing.length > 0 || unknown.length > 0) {
    throw new UsageError({
      code: "bad-traffic-values",
      message: `Expected canary.traffic.values to have ${wanted.join(", ")} for ${template}, got ${Object.keys(values).join(", ") || "nothing"}.`,
      nextStep: "docs/canary-traffic.md says what each of them is.",
    });
  }
  const { takesFractions } = found;
  return commandTraffic({ line: fillLine(found.line, values), takesFractions, directory });
}

function notPossible(sharePercent: number, takesFractions: boolean): TrafficSplitError {
  return new TrafficSplitError("share-not-possible", {
    message: `Expected ${takesFractions ? "a percentage" : "a whole percentage"} from 0 to 100, got ${sharePercent} %.`,
    nextStep: "Choose another share in canary.yml.",
  });
}

function failed(line: string, ending: string, said: string): TrafficSplitError {
  return new TrafficSplitError("split-command-failed", {
    message: `Expected the command that splits the traffic to end with exit code 0, got ${ending}${said === "" ? "" : `: ${said}`}.`,
    nextStep: `Try it by hand: ${line}`,
  });
}
