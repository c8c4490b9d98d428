import type { DrillCondition } from "../../harness/index.ts";
import { plantedDefect } from "./acts.ts";
import { asking, LOOKING, placing } from "./loads.ts";

/** Problems inside the platform's own process, by planted defects. */
export const RUNTIME_CONDITIONS: readonly DrillCondition[] = [
  {
    name: "amounts-unrounded",
    summary: "The platform computes costs that its columns cannot hold exactly.",
    madeFor: "spark",
    environment: plantedDefect("unrounded-cost"),
    load: LOOKING,
    acts: [{ kind: "load", what: "10 orders a second", load: placing(10) }],
    moves: ["decimal_precision_errors_total"],
    endsSeries: false,
    triggers: ["DecimalPrecisionErrors"],
    confirmedBy: { what: "amounts that did not fit", expression: "sum(decimal_precision_errors_total)" },
  },
  {
    name: "memory-kept",
    summary: "Each request leaks 32 KB, at some hundred requests per second.",
    madeFor: "spark",
    environment: plantedDefect("slow-leak"),
    load: LOOKING,
    acts: [{ kind: "load", what: "450 requests a second", load: asking(450, "/api/features/status") }],
    moves: ["process_resident_memory_bytes", "nodejs_external_memory_bytes"],
    endsSeries: false,
    triggers: ["MemoryLeakDuringCanary"],
    confirmedBy: {
      what: "more than 6.7 MB leaked per second",
      expression: "sum(deriv(nodejs_external_memory_bytes[4s])) > bool 6.7e6",
    },
  },
  {
    name: "event-loop-occupied",
    summary: "Each order keeps the event loop busy for 160 ms.",
    madeFor: "spark",
    environment: plantedDefect("blocking-work"),
    load: LOOKING,
    acts: [{ kind: "load", what: "4 orders a second", load: placing(4) }],
    moves: ["event_loop_lag_seconds", "nodejs_eventloop_lag_seconds", "process_cpu_seconds_total"],
    endsSeries: false,
    triggers: ["EventLoopBackpressure"],
    confirmedBy: {
      what: "timers more than 100 ms late",
      expression:
        'sum(increase(event_loop_lag_seconds_count[2s])) - sum(increase(event_loop_lag_seconds_bucket{le="0.1"}[2s]))',
    },
  },
  {
    name: "collections-forced",
    summary: "A large cache is kept on the heap, and each order forces a collection of all of it.",
    madeFor: "spark",
    environment: plantedDefect("forced-gc"),
    load: LOOKING,
    acts: [{ kind: "load", what: "5 orders in 2 seconds", load: placing(2.5) }],
    moves: ["nodejs_gc_duration_seconds"],
    endsSeries: false,
    triggers: ["GcPauseHigh"],
    confirmedBy: {
      what: "collections of the whole heap",
      expression: 'sum(increase(nodejs_gc_duration_seconds_count{kind="major"}[2s]))',
    },
  },
];
