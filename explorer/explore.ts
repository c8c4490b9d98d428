import type { Clock } from "../core/index.ts";
import type { Lab } from "../lab/index.ts";
import type { ExperimentRecord } from "./experiment/experiment-record.ts";
import { runExperiment } from "./experiment/run-experiment.ts";
import type { Subject } from "./experiment/subject.ts";
import { type ExperimentLine, lineOf } from "./exploration/experiment-line.ts";
import type { ExplorationFolder } from "./exploration/exploration-folder.ts";
import { type ExplorationRecord, explorationOf } from "./exploration/exploration-record.ts";
import { investigate } from "./failure/investigate.ts";
import { type Signature, textOf } from "./failure/signature.ts";
import type { DrawLimits } from "./plan/draw-plan.ts";
import { PlanSource } from "./plan/novelty.ts";
import type { Plan } from "./plan/plan.ts";
import type { Reproduction } from "./reproduction.ts";

/** When an exploration ends. */
interface Budget {
  readonly durationMs: number;
  /** So many experiments at most. */
  readonly experiments: number;
  /** Whether it ends with the first failure, once that is shrunk. */
  readonly untilFailure: boolean;
  /** How long a failure is shrunk at most. */
  readonly shrinkMs: number;
}

/** What an exploration tells while it runs. */
export type ExploreEvent =
  | { readonly kind: "labs.ready"; readonly labs: number; readonly tookMs: number }
  | {
      readonly kind: "experiment.ended";
      readonly line: ExperimentLine;
      readonly record: ExplorationRecord;
      readonly tookMs: number;
      readonly combinations: number;
    }
  | { readonly kind: "failure.found"; readonly signature: Signature; readonly experiment: number }
  | { readonly kind: "failure.shrunk"; readonly reproduction: Reproduction; readonly path: string }
  | { readonly kind: "lab.replaced"; readonly why: string };

export interface ExploreOptions {
  readonly subject: Subject;
  readonly limits: DrawLimits;
  readonly seed: number;
  /** How many labs work side by side. */
  readonly labs: number;
  readonly startLab: (number: number) => Promise<Lab>;
  readonly folder: ExplorationFolder;
  readonly budget: Budget;
  /** The words that repeat a reproduction. */
  readonly commandFor: (path: string) => string;
  readonly clock: Clock;
  readonly listener: (event: ExploreEvent) => void;
  /** Aborting it ends the exploration; what is known is its result. */
  readonly signal: AbortSignal;
}

/** The result of an exploration, with what repeats its failures. */
export interface Explored {
  readonly record: ExplorationRecord;
  readonly reproductions: readonly Reproduction[];
  readonly tookMs: number;
}

/**
 * Explores a platform: draws experiments and carries them out in several labs side by side, until the budget is spent.
 * A failure of a new kind is repeated, shrunk and kept as a reproduction. Whatever ends it, what was found is kept.
 */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const exploration = new Exploration(options);
  await exploration.run();
  return exploration.end();
}

class Exploration {
  readonly #options: ExploreOptions;
  readonly #source: PlanSource;
  readonly #lines: ExperimentLine[];
  readonly #done: ReadonlySet<number>;
  readonly #known = new Set<string>();
  readonly #reproductions: Reproduction[] = [];
  readonly #startMs: number;
  #labNumber = 0;
  #hasFailure = false;

  constructor(options: ExploreOptions) {
    this.#options = options;
    this.#source = new PlanSource(options.seed, options.limits);
    this.#lines = [...options.folder.done];
    this.#done = new Set(this.#lines.map(({ number }) => number));
    for (const { signatures } of this.#lines) for (const each of signatures) this.#known.add(textOf(each));
    this.#startMs = options.clock.monotonicMs();
  }

  async run(): Promise<void> {
    const { labs, listener } = this.#options;
    const started = await Promise.allSettled(Array.from({ length: labs }, () => this.#startLab()));
    const ready = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const [failed] = started.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    if (ready.length < labs) {
      await Promise.all(ready.map((lab) => lab.stop()));
      throw failed;
    }
    listener({ kind: "labs.ready", labs, tookMs: this.#tookMs });
    const workers = await Promise.allSettled(ready.map((lab) => this.#work(lab)));
    if (this.#options.signal.aborted) return;
    for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  }

  async end(): Promise<Explored> {
    const record = explorationOf(this.#lines);
    const tookMs = this.#tookMs;
    await this.#options.folder.writeRecord({ ...record, tookMs });
    return { record, reproductions: this.#reproductions, tookMs };
  }

  get #tookMs(): number {
    return this.#options.clock.monotonicMs() - this.#startMs;
  }

  #startLab(): Promise<Lab> {
    return this.#options.startLab(++this.#labNumber);
  }

  #isOver(): boolean {
    const { budget, signal } = this.#options;
    const isSpent = this.#tookMs >= budget.durationMs || this.#lines.length >= budget.experiments;
    return signal.aborted || isSpent || (budget.untilFailure && this.#hasFailure);
  }

  /** One lab's share of the experiments. A lab in which one broke off or a process died is replaced. */
  async #work(first: Lab): Promise<void> {
    const { listener } = this.#options;
    let lab = first;
    try {
      while (!this.#isOver()) {
        const { number, plan } = this.#source.next();
        if (this.#done.has(number)) continue;
        const record = await this.#run(plan, lab);
        await this.#note(number, record);
        await this.#investigate(number, record, lab);
        const why = brokenBy(record, lab);
        if (why === null || this.#isOver()) continue;
        listener({ kind: "lab.replaced", why });
        await lab.stop();
        lab = await this.#startLab();
      }
    } finally {
      await lab.stop();
    }
  }

  #run(plan: Plan, lab: Lab): Promise<ExperimentRecord> {
    const { subject, clock, signal } = this.#options;
    return runExperiment(plan, { lab, subject, clock, signal });
  }

  async #note(number: number, record: ExperimentRecord): Promise<void> {
    const line = lineOf(number, record);
    this.#lines.push(line);
    await this.#options.folder.add(line);
    this.#options.listener({
      ...{ kind: "experiment.ended", line, record: explorationOf(this.#lines), tookMs: this.#tookMs },
      combinations: this.#source.combinations,
    });
  }

  /** Repeats and shrinks the first failure of each kind. */
  async #investigate(experiment: number, record: ExperimentRecord, lab: Lab): Promise<void> {
    const { budget, folder, listener, seed, subject, commandFor, clock, signal } = this.#options;
    const signatures = lineOf(experiment, record).signatures;
    const [signature] = signatures;
    if (signature === undefined || this.#known.has(textOf(signature))) return;
    // Those that only follow from the first are known with it.
    for (const each of signatures) this.#known.add(textOf(each));
    listener({ kind: "failure.found", signature, experiment });
    const untilMs = clock.monotonicMs() + budget.shrinkMs;
    const reproduction = await investigate(record, {
      ...{ signature, experiment, seed, platform: subject.platform.name },
      run: (plan) => this.#run(plan, lab),
      isOver: () => signal.aborted || clock.monotonicMs() >= untilMs || lab.deaths().length > 0,
      keep: async (found) => {
        await folder.keep({ ...found, command: commandFor(pathIn(folder, found)) });
      },
    });
    const kept = { ...reproduction, command: commandFor(pathIn(folder, reproduction)) };
    const path = await folder.keep(kept);
    this.#reproductions.push(kept);
    this.#hasFailure = true;
    listener({ kind: "failure.shrunk", reproduction: kept, path });
  }
}

function pathIn(folder: ExplorationFolder, { name }: Pick<Reproduction, "name">): string {
  return `${folder.path}/reproductions/${name}.json`;
}

function brokenBy({ state, checks }: ExperimentRecord, lab: Lab): string | null {
  const [death] = lab.deaths();
  if (death !== undefined) return `${death.process} ended: ${death.ending}`;
  if (state !== null) return null;
  return checks.find(({ kind }) => kind === "harness")?.received ?? "an experiment broke off";
}
