import { counted } from "../../core/index.ts";
import type { FaultRecord, PhaseRecord, ScenarioRecord, TriggerRecord } from "../../evidence/index.ts";
import { formatMoment, formatNumber, percentOf } from "./format.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { spanMsOf } from "./time-axis.ts";
import { activityOf } from "./trigger-activity.ts";

/**
 * The lanes above the charts, on the charts' time axis: phases, fault windows, trigger states. Triggers that
 * were inactive throughout, as expected, share one line.
 */
export function lanes(scenario: ScenarioRecord): Markup {
  const spanMs = spanMsOf(scenario);
  const { active, quiet } = activityOf(scenario);
  const laneOf = (trigger: TriggerRecord): Markup =>
    triggerLane(trigger, scenario.triggers.indexOf(trigger), spanMs);
  return html`
  <div class="lanes">
    ${phaseLane(scenario.phases, spanMs)}
    ${scenario.faults.map((fault) => faultLane(fault, spanMs))}
    ${active.map(laneOf)}
    ${quietLanes(quiet.map(laneOf), active.length > 0)}
    <div class="lane-cursor" aria-hidden="true"></div>
  </div>`;
}

function quietLanes(lanesOfQuiet: readonly Markup[], hasOthers: boolean): Markup {
  if (lanesOfQuiet.length === 0) return NOTHING;
  const text = `${counted(lanesOfQuiet.length, hasOthers ? "more trigger" : "trigger")} did not fire`;
  return html`<details class="quiet-lanes"><summary>${text}</summary>${lanesOfQuiet}</details>`;
}

function phaseLane(phases: readonly PhaseRecord[], spanMs: number): Markup {
  if (phases.length === 0) return NOTHING;
  const bars = phases.map(({ name, startMs, endMs }) => {
    const text = name.replace("-", " ");
    const title = `${text}, ${formatMoment(startMs)} to ${formatMoment(endMs)}`;
    const place = placement(startMs, endMs, spanMs);
    return html`<span class="bar phase ${name}" style="${place}" title="${title}">${text}</span>`;
  });
  return html`<div class="lane phases"><div class="track">${bars}</div></div>`;
}

function faultLane(fault: FaultRecord, spanMs: number): Markup {
  const { label, injectedAtMs, healedAtMs } = fault;
  const endMs = healedAtMs ?? spanMs;
  const window =
    healedAtMs === null
      ? `from ${formatMoment(injectedAtMs)}, never healed`
      : `${formatMoment(injectedAtMs)} to ${formatMoment(healedAtMs)}, for ${formatMoment(healedAtMs - injectedAtMs)}`;
  const state = healedAtMs === null ? "fault unhealed" : "fault";
  const place = placement(injectedAtMs, endMs, spanMs);
  return html`
    <div class="lane">
      <p class="lane-name">
        <span><b class="kind">Fault</b> ${label}</span><span class="lane-note">${window}</span>
      </p>
      <div class="track"><span class="bar ${state}" style="${place}"></span></div>
    </div>`;
}

function triggerLane(trigger: TriggerRecord, index: number, spanMs: number): Markup {
  const { name, history, expected } = trigger;
  const rest = firingText(trigger);
  const bars = history.map(({ atMs, state, value }, position) => {
    const endMs = history[position + 1]?.atMs ?? spanMs;
    const text = state.replace("-", " ");
    const title = `${text} from ${formatMoment(atMs)}${value === null ? "" : `, value ${formatNumber(value)}`}`;
    const place = placement(atMs, endMs, spanMs);
    return html`<span class="bar state ${state}" style="${place}" title="${title}"></span>`;
  });
  return html`
    <div class="lane" data-trigger="${index}">
      <p class="lane-name">
        <span><b class="kind">${expected === "fires" ? "Expected trigger" : "Trigger"}</b> ${name}</span><span class="lane-note" data-rest="${rest}">${rest}</span>
      </p>
      <div class="track">${bars}</div>
    </div>`;
}

/** When a trigger fired, or that it did not, and whether it should have. */
export function firingText({ expected, firedAtMs, firedAfterFaultMs }: TriggerRecord): string {
  if (firedAtMs === null) return expected === "fires" ? "did not fire, but should have" : "did not fire";
  const after = firedAfterFaultMs === null ? "" : `, ${formatMoment(firedAfterFaultMs)} after the fault`;
  return `fired at ${formatMoment(firedAtMs)}${after}${expected === "quiet" ? ", but should not have" : ""}`;
}

function placement(startMs: number, endMs: number, spanMs: number): string {
  return `left:${percentOf(startMs, spanMs)};width:${percentOf(endMs - startMs, spanMs)}`;
}
