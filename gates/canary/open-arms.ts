import { type Clock, Disposals } from "../../core/index.ts";
import { ALL_RULE_FILES, loadRuleFiles, SampleStore, type Source } from "../../signals/index.ts";
import type { ArmName, ArmSource, CanaryArms } from "./arm.ts";
import type { CanaryPlan } from "./plan/canary-plan.ts";
import type { ArmReader } from "./reading/arm-reader.ts";
import { prometheusArm } from "./reading/prometheus-arm.ts";
import { prometheusTriggers } from "./reading/prometheus-triggers.ts";
import { startScrapedArm } from "./reading/scraped-arm.ts";
import { type WatchedTriggers, watchTriggers } from "./reading/watched-triggers.ts";

/** Both arms and the triggers, for as long as a canary goes on. */
export interface OpenedArms extends AsyncDisposable {
  readonly arms: { readonly stable: ArmReader; readonly candidate: ArmReader };
  readonly triggers: WatchedTriggers;
}

export interface ArmsToOpen {
  readonly arms: CanaryArms;
  /** What both arms share and the triggers need: the pooler, the database. */
  readonly shared: readonly Source[];
  readonly plan: CanaryPlan;
  readonly timeScale: number;
  readonly allowedHosts: readonly string[];
  readonly clock: Clock;
}

/** A trigger's shortest range is a minute, of which it needs two samples. */
const MOST_SCRAPE_MS = 15_000;
const TIMEOUT_MS = 5_000;

/**
 * Opens both arms. The triggers are evaluated here where the candidate is scraped, and asked of its Prometheus otherwise.
 *
 * @throws UsageError `bad-time-scale` when the triggers' ranges would be too short; `bad-url`.
 */
export async function openArms(options: ArmsToOpen): Promise<OpenedArms> {
  const { plan, timeScale, clock, arms } = options;
  await using opened = new Disposals();
  const groups = await loadRuleFiles(ALL_RULE_FILES);
  const intervalMs = Math.min(plan.lookMs, MOST_SCRAPE_MS) / timeScale;
  const triggerStore = new SampleStore(clock);
  const open = (name: ArmName, source: ArmSource) => openArm(name, source, options, intervalMs, triggerStore);
  const stable = opened.use(open("stable", arms.stable));
  const candidate = opened.use(open("candidate", arms.candidate));
  const triggers = opened.use(
    arms.candidate.kind === "scrape"
      ? watchTriggers({ groups, store: triggerStore, clock, timeScale, intervalMs })
      : prometheusTriggers({ ...options, source: arms.candidate, groups, timeoutMs: TIMEOUT_MS }),
  );
  const kept = opened.move();
  return {
    arms: { stable, candidate },
    triggers,
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

function openArm(
  name: ArmName,
  source: ArmSource,
  { shared, allowedHosts, timeScale, clock }: ArmsToOpen,
  intervalMs: number,
  triggers: SampleStore,
): ArmReader {
  if (source.kind === "prometheus") return prometheusArm({ source, allowedHosts, timeoutMs: TIMEOUT_MS });
  const isWatched = name === "candidate";
  return startScrapedArm({
    ...{ name, source, allowedHosts, intervalMs, timeScale, clock },
    shared: isWatched ? shared : [],
    store: new SampleStore(clock),
    triggerStore: isWatched ? triggers : null,
  });
}
