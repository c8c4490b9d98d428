import type { Command } from "commander";
import { formatDuration, KanitError, mergeVerdicts, systemClock, type Verdict } from "../../core/index.ts";
import { blastGate, GATES, type Gate, type Target, USUAL_PACE } from "../../gates/index.ts";
import { MachineWatch } from "../../machine/index.ts";
import { toOneLine } from "../../reports/index.ts";
import type { CommandContext } from "../context.ts";
import { openTarget, type TargetFlags, withTargetFlags } from "../open-target.ts";
import { positiveNumber } from "../parse-arguments.ts";
import { passGate } from "../pass-gate.ts";
import { release } from "../release-flags.ts";
import { type SigningFlags, withSigningFlags } from "../signing-flags.ts";
import { ritual } from "./ritual.ts";

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const USUAL_BLAST_SECONDS = 30;
const LONGEST_BLAST_SECONDS = 3_600;
const NAME_WIDTH = 12;
/** The line in which the ritual says what it decided. */
const DECISION = /^(?:NO-)?GO /;

interface ReadinessFlags extends TargetFlags, SigningFlags {
  readonly seconds: number;
}

/** How one of the chained steps ended. */
interface StepOutcome {
  readonly verdict: Verdict;
  readonly what: string;
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<StepOutcome>;
}

/** `kanit readiness <release>`: preflight, micro blast radius, artifact completeness, green button, in this order. */
export function addReadinessCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("readiness")
    .description(
      "preflight, blast, artifacts and ritual, one after the other; stops at the first that does not pass",
    )
    .argument("<release>", "the name of the release: v1.4.0", release)
    .option(
      "--seconds <n>",
      "how long the blast probes",
      positiveNumber(LONGEST_BLAST_SECONDS),
      USUAL_BLAST_SECONDS,
    );
  withSigningFlags(withTargetFlags(command)).action((name: string, flags: ReadinessFlags) =>
    readiness(name, flags, context),
  );
}

async function readiness(name: string, flags: ReadinessFlags, context: CommandContext): Promise<void> {
  const { output, noteVerdict, conclude } = context;
  await using opened = await openTarget(name, flags, context);
  const { target } = opened;
  output.line(`Readiness of ${name} on ${target.name}`);
  const steps = stepsFor(name, target, flags, context);
  const outcomes: { readonly name: string; readonly verdict: Verdict; readonly what: string }[] = [];
  for (const step of steps) {
    const beganMs = systemClock.monotonicMs();
    const { verdict, what } = await outcomeOf(step);
    noteVerdict(verdict);
    outcomes.push({ name: step.name, verdict, what });
    const took = formatDuration(systemClock.monotonicMs() - beganMs);
    output.line(`  ${MARK[verdict]} ${step.name.padEnd(NAME_WIDTH)} ${took.padStart(8)}  ${toOneLine(what)}`);
    if (verdict !== "pass") break;
  }
  const notRun = steps.slice(outcomes.length).map((step) => step.name);
  if (notRun.length > 0) output.line(`  not run: ${notRun.join(", ")}`);
  const verdict = mergeVerdicts([
    ...outcomes.map((outcome) => outcome.verdict),
    ...notRun.map(() => "inconclusive" as const),
  ]);
  output.line(verdict === "pass" ? "DEPLOYMENT READY: review GO/NO-GO (kanit go-no-go)" : "NOT READY");
  output.result({ release: name, target: target.name, steps: outcomes, notRun });
  conclude(verdict);
}

/** The steps in the order of the deployment index. */
function stepsFor(
  name: string,
  target: Target,
  flags: ReadinessFlags,
  context: CommandContext,
): readonly Step[] {
  const blast = blastGate({
    healthPath: target.parts.health?.pathname ?? "/api/healthz",
    webSocketPath: "/ws/quotes",
    metrics: {
      kind: "page",
      path: target.parts.metrics?.pathname ?? "/metrics",
      requestsMetric: "http_requests_total",
    },
    durationMs: flags.seconds * 1_000,
    pace: USUAL_PACE,
    watchMachine: () => new MachineWatch(process.pid),
    onSample: () => undefined,
    onResult: () => undefined,
  });
  const pass = (gate: Gate): Step => ({ name: gate.name, run: () => passed(gate, target, flags, context) });
  return [
    pass(named("preflight")),
    pass(blast),
    pass(named("artifacts")),
    { name: "ritual", run: () => performed(name, flags, context) },
  ];
}

function named(name: string): Gate {
  const gate = GATES.find((each) => each.name === name);
  if (gate === undefined) throw new TypeError(`Expected a gate called ${name}.`);
  return gate;
}

async function outcomeOf(step: Step): Promise<StepOutcome> {
  try {
    return await step.run();
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    return { verdict: "inconclusive", what: `not run: ${error.message} ${error.nextStep}` };
  }
}

async function passed(
  gate: Gate,
  target: Target,
  flags: ReadinessFlags,
  context: CommandContext,
): Promise<StepOutcome> {
  const command = ["readiness", target.release];
  const { record, folder } = await passGate(
    { gate, target, flags, command, onEvent: () => undefined },
    context,
  );
  const count = record.checks.filter(({ verdict }) => verdict === "pass").length;
  const open = record.checks.find(({ verdict }) => verdict !== "pass");
  const why = open === undefined ? (record.problems[0] ?? "") : `${open.title}: ${open.reasons[0] ?? ""}`;
  return {
    verdict: record.verdict,
    what: `${count}/${record.checks.length}${why === "" ? "" : `, ${why}`}  ${folder}`,
  };
}

/** The ritual concludes as a command does; here its verdict is one of four. */
async function performed(name: string, flags: ReadinessFlags, context: CommandContext): Promise<StepOutcome> {
  const ended: { verdict: Verdict; decision: string } = { verdict: "inconclusive", decision: "" };
  await ritual(
    name,
    { ...flags, repository: ".", artifact: [] },
    {
      ...context,
      output: {
        ...context.output,
        line: (text) => {
          if (DECISION.test(text)) ended.decision = text.trim();
        },
        view: () => undefined,
        result: () => undefined,
      },
      conclude: (given) => {
        ended.verdict = given;
      },
    },
  );
  const { verdict, decision } = ended;
  const why = verdict === "pass" ? "" : `, why: go_nogo_signed_${name}.txt`;
  return { verdict, what: `${decision}${why}` };
}
