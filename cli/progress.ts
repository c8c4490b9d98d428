import { formatDuration, type Verdict } from "../core/index.ts";
import type { RunEvent, RunListener } from "../harness/index.ts";
import { describeCheck, reasonsOf, toOneLine } from "../reports/index.ts";
import type { Output } from "./output.ts";

export const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const NAME_WIDTH = 18;
const MAX_REASONS = 3;

/** Shows the progress of a run: a line for each important event, and a status line that follows the load. */
export function showProgress(output: Output): RunListener {
  let phase = "";
  let firing = new Set<string>();
  return (event: RunEvent) => {
    switch (event.kind) {
      case "run.started":
        output.status(`bringing the lab up …`);
        return;
      case "lab.ready":
        output.line(`lab ${event.labId} ready in ${formatDuration(event.tookMs)}`);
        return;
      case "run.environment":
        output.line(
          `market: ${event.environment.market}; one lab second is ${event.environment.timeScale} s of trigger time`,
        );
        return;
      case "scenario.started":
        firing = new Set();
        phase = "resetting";
        output.line(`\n▸ ${event.scenario} (seed ${event.seed})`);
        output.line(`  ${event.hypothesis}`);
        return;
      case "lease.opened":
        if (!event.leased)
          output.line("  warning: this fault proxy has no leases; faults outlive a killed run");
        return;
      case "phase.started":
        phase = event.phase;
        return;
      case "fault.injected":
        output.line(`  ${at(event.atMs)}  fault  ${event.fault}`);
        return;
      case "fault.healed":
        output.line(`  ${at(event.atMs)}  healed ${event.fault}`);
        return;
      case "trigger.changed":
        if (event.state === "firing") {
          firing.add(event.trigger);
          output.line(`  ${at(event.atMs)}  fires  ${event.trigger}`);
        } else {
          firing.delete(event.trigger);
        }
        return;
      case "load.tick":
        output.status(statusOf(event, phase, firing));
        return;
      case "scenario.ended": {
        const { verdict, durationMs, name } = event.record;
        output.line(`  ${MARK[verdict]} ${verdict} ${name} in ${formatDuration(durationMs)}`);
        for (const check of reasonsOf(event.record).slice(0, MAX_REASONS))
          output.line(`    ${toOneLine(describeCheck(check))}`);
        return;
      }
      case "run.ended":
        output.status("");
        return;
    }
  };
}

function statusOf(
  tick: Extract<RunEvent, { kind: "load.tick" }>,
  phase: string,
  firing: ReadonlySet<string>,
): string {
  const latency = tick.latencyMsP95 === null ? "–" : `${tick.latencyMsP95.toFixed(0)} ms`;
  const parts = [
    tick.scenario.padEnd(NAME_WIDTH),
    phase.padEnd(13),
    at(tick.atMs),
    `${tick.rateRps.toFixed(0).padStart(4)}/s`,
    `P95 ${latency.padStart(7)}`,
    `${tick.errors} errors`,
    firing.size > 0 ? `firing: ${[...firing].join(", ")}` : "",
  ];
  return `  ${parts.join("  ")}`;
}

function at(atMs: number): string {
  return `${(atMs / 1_000).toFixed(1).padStart(5)} s`;
}
