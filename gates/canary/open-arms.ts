import { type Clock, Disposals } from "../../core/index.ts";
import { ALL_RULE_FILES, loadRuleFiles, type RuleGroup, Scraper, type Source } from "../../signals/index.ts";
import type { ArmName, CanaryArms } from "./arm.ts";
import type { CanaryPlan } from "./plan/canary-plan.ts";
import type { ArmReader } from "./reading/arm-reader.ts";
import { joinWatches } from "./reading/joined-watches.ts";
import { prometheusArm } from "./reading/prometheus-arm.ts";
import { prometheusTriggers } from "./reading/prometheus-triggers.ts";
import { startScrapedArm } from "./reading/scraped-arm.ts";
import { type OwnTriggers, type WatchedTriggers, watchTriggers } from "./reading/watched-triggers.ts";

/** Both arms and the triggers, for as long as a canary goes on. */
export interface OpenedArms extends AsyncDisposable {
  readonly arms: { readonly stable: ArmReader; readonly candidate: ArmReader };
  readonly triggers: WatchedTriggers;
}

export interface ArmsToOpen {
  readonly arms: CanaryArms;
  /** What both arms share and the triggers need: the pooler, the database. */
  readonly shared: readonly Source[];
  /** What is watched besides the triggers. */
  readonly watches: readonly WatchedTriggers[];
  readonly plan: CanaryPlan;
  readonly timeScale: number;
  readonly allowedHosts: readonly string[];
  readonly clock: Clock;
}

/** A trigger's shortest range is a minute, of which it needs two samples. */
const MOST_SCRAPE_MS = 15_000;
const TIMEOUT_MS = 5_000;

/**
 * Opens both arms. The triggers are evaluated here where the candidate is scraped, and asked of its Prometheus
 * otherwise.
 *
 * @throws UsageError `bad-time-scale` when the triggers' ranges would be too short; `bad-url`.
 */
export async function openArms(options: ArmsToOpen): Promise<OpenedArms> {
  const { plan, timeScale, clock, arms, shared } = options;
  await using opened = new Disposals();
  const groups = await loadRuleFiles(ALL_RULE_FILES);
  const intervalMs = Math.min(plan.lookMs, MOST_SCRAPE_MS) / timeScale;
  const own =
    arms.candidate.kind === "scrape" ? watchTriggers({ groups, clock, timeScale, intervalMs }) : null;
  const triggers = opened.use(own ?? askedTriggers(options, groups));
  const stable = opened.use(openArm("stable", options, intervalMs, null));
  const candidate = opened.use(openArm("candidate", options, intervalMs, own));
  if (own !== null) {
    // Apart from the arms' pages, so that a slow database does not make their looks late.
    const sinks = [own.sink];
    opened.use(new Scraper({ sources: shared, sinks, clock, intervalMs, deadlineMs: TIMEOUT_MS }).start());
  }
  const kept = opened.move();
  return {
    arms: { stable, candidate },
    triggers: joinWatches([triggers, ...options.watches]),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

function askedTriggers({ arms, allowedHosts }: ArmsToOpen, groups: readonly RuleGroup[]): WatchedTriggers {
  const source = arms.candidate;
  if (source.kind !== "prometheus") throw new TypeError("expected a candidate in a Prometheus");
  return prometheusTriggers({ source, groups, allowedHosts, timeoutMs: TIMEOUT_MS });
}

function openArm(
  name: ArmName,
  { arms, allowedHosts, clock }: ArmsToOpen,
  intervalMs: number,
  triggers: OwnTriggers | null,
): ArmReader {
  const source = arms[name];
  if (source.kind === "prometheus") return prometheusArm({ source, allowedHosts, timeoutMs: TIMEOUT_MS });
  return startScrapedArm({ name, source, allowedHosts, intervalMs, clock, triggers });
}
