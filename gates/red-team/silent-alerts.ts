import { z } from "zod";
import {
  ALL_RULE_FILES,
  type AlertingRule,
  alertsOf,
  loadRuleFiles,
  prometheusSource,
} from "../../signals/index.ts";
import { wayOf } from "../alerting/alert-way.ts";
import { readAlertmanager } from "../alerting/alertmanager.ts";
import { isTrigger, triggerProblems } from "../alerting/loaded-triggers.ts";
import { type CheckInput, defineCheck } from "../engine/check.ts";
import type { Commit, FiledOfRelease, TargetParts } from "../engine/target.ts";
import { silencedTrigger } from "./silenced-trigger.ts";

const DRILL_FILE = "drill.json";
const SEEN = "30d";
const FIRED = `max by (alertname) (count_over_time(ALERTS{alertstate="firing"}[${SEEN}]))`;
const SHOWN = 5;
const drillShape = z.object({
  triggers: z.array(z.object({ trigger: z.string(), outcome: z.string() })),
  notApplicable: z.array(z.object({ what: z.string() })),
});

type Needed = "prometheus" | "alertmanager" | "evidence";

/** Would each trigger fire, and would anybody hear of it? */
export const silentAlerts = defineCheck({
  id: "silent-alerts",
  title: "9. Silent alerts",
  question: "Is each trigger loaded, seen firing, and routed to somebody who is notified?",
  risk: "The condition of a rollback is there, and nothing rings: a rule that cannot fire, a silence of last month, a receiver that notifies nobody.",
  command: `curl -s "$PROMETHEUS/api/v1/rules?type=alert"; curl -s "$PROMETHEUS/api/v1/alertmanagers"; curl -s "$ALERTMANAGER/api/v2/silences"; amtool --alertmanager.url "$ALERTMANAGER" config routes test alertname=ApiLatencyP95High severity=rollback`,
  passes: `each trigger is loaded as written and evaluated, has fired in a drill of this commit or within ${SEEN} in Prometheus, is routed to a receiver with at least one way to notify, and no silence holds for it, and Prometheus sends to an Alertmanager`,
  fix: "Load the rules, expire the silence, give the receiver an integration, and drill what was never seen firing: kanit drill --release <release>.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 30_000,
  maxAgeMs: 60_000,
  needs: ["prometheus", "alertmanager", "evidence"],
  mutant: silencedTrigger,
  observe: observeAlerts,
});

async function observeAlerts(
  parts: Pick<TargetParts, Needed>,
  { target: { allowedHosts }, commit, clock, signal }: Parameters<CheckInput<Needed>["observe"]>[1],
) {
  const { prometheus, alertmanager, evidence } = parts;
  const asOfMs = clock.nowMs();
  const warnings: string[] = [];
  const source = prometheusSource({
    url: prometheus.url,
    allowedHosts,
    onWarning: (warning) => void warnings.push(`Prometheus warns: ${warning}`),
  });
  const [files, rules, theirNowMs, state, fired, senders, drill] = await Promise.all([
    loadRuleFiles(prometheus.rules === null ? ALL_RULE_FILES : [prometheus.rules]),
    source.rules(signal),
    source.nowMs(signal),
    readAlertmanager({ url: alertmanager, allowedHosts, signal }),
    source.query(FIRED, asOfMs, signal),
    source.alertmanagers(signal),
    readDrill(evidence, commit),
  ]);
  const triggers = alertsOf(files).filter(isTrigger);
  const seen = new Set(
    (fired.kind === "elements" ? fired.elements : []).map(({ labels }) => labels.alertname ?? ""),
  );
  const silent = triggers.filter(
    ({ name }) => !seen.has(name) && !drill.fired.has(name) && !drill.notApplicable.has(name),
  );
  const ways = triggers.map((rule) => wayOf(rule, state));
  return {
    expected: triggers.map(({ name }) => name),
    examined: ways.map(({ name }) => name),
    acts: [],
    asOfMs,
    violations: [
      ...triggerProblems(triggers, rules, theirNowMs),
      ...(senders.length === 0 ? ["Prometheus sends its alerts to no Alertmanager"] : []),
      ...ways.flatMap(({ problems }) => problems),
      ...(silent.length > 0 ? [`never seen firing (${drill.why}): ${list(silent)}`] : []),
    ],
    unclear: [...warnings, ...ways.flatMap(({ doubts }) => doubts)],
    summary: `${triggers.length - silent.length} of ${triggers.length} seen firing, ${state.silences.length} silences, ${senders.length} Alertmanagers`,
    texts: [
      [
        "9. Silent alerts",
        ...ways.map(
          ({ name, receivers }) =>
            `  ${name}: to ${receivers.join(", ")}; ${drill.fired.has(name) ? "fired in the drill" : seen.has(name) ? `fired within ${SEEN}` : drill.notApplicable.has(name) ? "does not apply to the platform" : "never seen firing"}`,
        ),
        ...state.silences.map(({ description }) => `  silence ${description}`),
        "",
      ].join("\n"),
    ],
  };
}

/** What a drill of this commit saw; nothing counts from a drill of another one. */
async function readDrill(evidence: FiledOfRelease, commit: Commit | null) {
  const filed = await evidence(DRILL_FILE);
  const none = { fired: new Set<string>(), notApplicable: new Set<string>() };
  if (filed === null) return { ...none, why: "no drill is filed" };
  if (commit !== null && filed.commit !== commit.sha) {
    return { ...none, why: "the filed drill is of another commit" };
  }
  const { triggers, notApplicable } = drillShape.parse(JSON.parse(filed.text));
  return {
    fired: new Set(triggers.filter(({ outcome }) => outcome === "fired").map(({ trigger }) => trigger)),
    notApplicable: new Set(notApplicable.map(({ what }) => what)),
    why: "neither in the filed drill nor in Prometheus",
  };
}

function list(rules: readonly AlertingRule[]): string {
  const more = rules.length - SHOWN;
  const names = rules.slice(0, SHOWN).map(({ name }) => name);
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
