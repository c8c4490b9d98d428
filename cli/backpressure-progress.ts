import { formatDuration } from "../core/index.ts";
import type { BackpressureEvent, BackpressureListener } from "../harness/index.ts";
import type { Output } from "./output.ts";

/** Shows the progress of a backpressure search: one line for each rate. */
export function backpressureProgress(output: Output): BackpressureListener {
  return (event: BackpressureEvent) => {
    switch (event.kind) {
      case "backpressure.started":
        output.line(`${event.ratesRps.join(", ")} op/s, seed ${event.seed}`);
        output.status("bringing the lab up …");
        return;
      case "backpressure.environment":
        return;
      case "backpressure.lab.ready":
        output.line(`lab ${event.labId} ready in ${formatDuration(event.tookMs)}`);
        output.status("warming up …");
        return;
      case "backpressure.planted":
        for (const planted of event.planted) output.line(`  done: ${planted}`);
        return;
      case "backpressure.step.started":
        output.status(`  ${event.rateRps} op/s${event.attempt === 1 ? "" : ", once more"} …`);
        return;
      case "backpressure.step.ended": {
        const { rateRps, latencyMs, finding } = event.step;
        const p95 = latencyMs.p95 === null ? "no answer" : `P95 ${latencyMs.p95.toFixed(0)} ms`;
        const why = finding.kind === "held" ? "" : `: ${finding.why}`;
        output.line(`  ${String(rateRps).padStart(6)} op/s  ${finding.kind}, ${p95}${why}`);
        return;
      }
      case "backpressure.ended":
        output.status("");
        return;
    }
  };
}
