import { formatDuration } from "../../core/index.ts";
import { type PrometheusTarget, prometheusSource } from "../../signals/index.ts";
import { defineCheck } from "../engine/check.ts";
import { movedTarget } from "./moved-target.ts";

const MAX_SCRAPE_AGE_MS = 60_000;

/** Is everything scraped by which a release is judged? */
export const prometheusTargets = defineCheck({
  id: "prometheus-targets",
  title: "Prometheus targets",
  question: "Are all targets scraped, healthy, and scraped lately?",
  risk: "Triggers without data stay silent, and the canary is judged by nothing.",
  command: `curl -s "$PROMETHEUS/api/v1/targets?state=active" | jq '.data.activeTargets[] | {labels, health, lastScrape, lastError}'`,
  passes: `each expected job has a target, each target is up, and each was scraped within ${MAX_SCRAPE_AGE_MS / 1_000} s`,
  fix: "Look at the target's lastError, correct its address in the scrape configuration, and reload Prometheus.",
  evidence: ["prom_targets_{release}.txt"],
  deadlineMs: 10_000,
  maxAgeMs: MAX_SCRAPE_AGE_MS,
  needs: ["prometheus"],
  mutant: movedTarget,
  observe: async ({ prometheus }, { clock, signal, target: { allowedHosts } }) => {
    const warnings: string[] = [];
    const source = prometheusSource({
      url: prometheus.url,
      allowedHosts,
      onWarning: (warning) => void warnings.push(`Prometheus warns: ${warning}`),
    });
    const askedMs = clock.nowMs();
    const [targets, theirNowMs] = await Promise.all([source.targets(signal), source.nowMs(signal)]);
    const ageOf = ({ scrapedAtMs }: PrometheusTarget) => theirNowMs - scrapedAtMs;
    const jobs = [...new Set(targets.map(({ job }) => job))];
    const down = targets.filter(({ health }) => health === "down");
    return {
      expected: prometheus.targets,
      examined: jobs,
      acts: [],
      asOfMs: askedMs,
      violations: [
        ...down.map((each) => `${nameOf(each)} is down: ${each.lastError}`),
        ...targets
          .filter((each) => each.health !== "down" && ageOf(each) > MAX_SCRAPE_AGE_MS)
          .map((each) => `${nameOf(each)} was scraped ${formatDuration(ageOf(each))} ago`),
      ],
      unclear: [
        ...warnings,
        ...targets
          .filter(({ health }) => health === "unknown")
          .map((each) => `${nameOf(each)} was never scraped`),
      ],
      summary: `${targets.length - down.length} of ${targets.length} up`,
      texts: [
        targets
          .map(
            (each) =>
              `${each.health}\t${nameOf(each)}\tscraped ${(ageOf(each) / 1_000).toFixed(1)} s ago\t${each.lastError}\n`,
          )
          .join(""),
      ],
    };
  },
});

function nameOf({ job, instance }: PrometheusTarget): string {
  return `${job} at ${instance}`;
}
