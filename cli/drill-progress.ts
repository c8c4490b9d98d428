import { formatDuration } from "../core/index.ts";
import type { DrillEvent, DrillListener } from "../harness/index.ts";
import { toOneLine } from "../reports/index.ts";
import type { Output } from "./output.ts";

/** Shows the progress of a drill: what is done to the lab, and which alerts fire. */
export function showDrillProgress(output: Output): DrillListener {
  return (event: DrillEvent) => {
    switch (event.kind) {
      case "drill.started":
        output.line(`drilling ${event.planned.length} alerts, seed ${event.seed}`);
        output.status("bringing the lab up …");
        return;
      case "drill.lab.ready": {
        const planted = Object.entries(event.environment).map(([name, value]) => `${name}=${value}`);
        const started = planted.length === 0 ? "" : `, the platform with ${planted.join(" ")}`;
        output.line(`lab ${event.labId} ready in ${formatDuration(event.tookMs)}${started}`);
        return;
      }
      case "drill.condition.started": {
        output.line(`\n▸ ${event.condition}: ${event.summary}`);
        if (event.awaited.length > 0) output.line(`  awaited: ${event.awaited.join(", ")}`);
        output.status(`  ${event.condition}: clients connect …`);
        return;
      }
      case "drill.acts.done":
        for (const act of event.acts) output.line(`  done: ${toOneLine(act)}`);
        output.status(`  ${event.condition}: watching …`);
        return;
      case "drill.rule.fired":
        output.line(
          `  ${(event.afterMs / 1_000).toFixed(1).padStart(5)} s  fires  ${event.rule}${event.awaited ? "" : " (as well)"}`,
        );
        return;
      case "drill.condition.ended": {
        const { shown, steadyBefore, problems } = event.run;
        if (!steadyBefore) output.line("  ? clients had no good service before");
        if (shown.kind === "not-shown") output.line(`  ? ${toOneLine(`${shown.what}: ${shown.why}`)}`);
        for (const problem of problems) output.line(`  ? ${toOneLine(problem)}`);
        return;
      }
      case "drill.environment":
      case "drill.trigger.fired":
        return;
      case "drill.quiet.ended":
        output.line(`  ${event.quiet.verdict}: ${[...event.quiet.fired, event.quiet.why].join(", ")}`);
        return;
      case "drill.ended":
        output.status("");
        return;
    }
  };
}
