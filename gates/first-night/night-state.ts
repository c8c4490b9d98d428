import { createHash } from "node:crypto";
import type { FiledOfRelease } from "../engine/target.ts";
import { type HourRecord, hourText, readHourLog } from "./hour-log.ts";
import { hourLogName, type NightPlan } from "./night-plan.ts";

/** The log of an hour as it is filed. */
interface FiledHour {
  readonly record: HourRecord;
  readonly sha256: string;
}

/** What is filed of a night. */
export interface NightState {
  /** By hour: its log; null where there is none of this night. */
  readonly hours: readonly (FiledHour | null)[];
  /** What is wrong with the logs, one line each. */
  readonly findings: readonly string[];
}

/**
 * Reads what is filed of a night: its logs, whether each follows the one that it names, and the hours that nobody
 * checked. A log of another night counts as none.
 */
export async function readNight(plan: NightPlan, evidence: FiledOfRelease): Promise<NightState> {
  const findings: string[] = [];
  const hours: (FiledHour | null)[] = [];
  for (let hour = 0; hour < plan.hours; hour += 1) {
    const name = hourLogName(hour);
    const filed = await evidence(name);
    const record = filed === null ? null : readHourLog(filed.text);
    if (filed !== null && record === null) findings.push(`${name} is no log of an hour, or was changed`);
    const isOfNight = record !== null && record.night === plan.startedAt && record.hour === hour;
    hours.push(isOfNight && filed !== null ? { record, sha256: digestOf(filed.text) } : null);
  }
  return { hours, findings: [...findings, ...chainFindings(hours)] };
}

/** Each log names the one before it by its digest: one that was changed, or put in another's place, is found. */
function chainFindings(hours: readonly (FiledHour | null)[]): readonly string[] {
  const findings: string[] = [];
  let before: { readonly name: string; readonly sha256: string } | null = null;
  for (const [hour, filed] of hours.entries()) {
    if (filed === null) continue;
    const { previous } = filed.record;
    if (previous?.name !== before?.name || previous?.sha256 !== before?.sha256) {
      findings.push(`${hourLogName(hour)} does not follow ${before?.name ?? "nothing"} as it is filed`);
    }
    before = { name: hourLogName(hour), sha256: filed.sha256 };
  }
  return findings;
}

/** The newest log before an hour, and the hours between it and that hour. */
export function beforeHour({ hours }: NightState, hour: number): Pick<HourRecord, "previous" | "missed"> {
  const last = hours.slice(0, hour).findLastIndex((filed) => filed !== null);
  const found = hours[last] ?? null;
  const missed = Array.from({ length: hour - last - 1 }, (_, index) => last + 1 + index);
  return {
    previous: found === null ? null : { name: hourLogName(last), sha256: found.sha256 },
    missed,
  };
}

/** The hours that nobody checked, of those that are over. */
export function missedHours({ hours }: NightState, over: number): readonly number[] {
  return hours.flatMap((filed, hour) => (filed === null && hour < over ? [hour] : []));
}

/** `hour 05 was not checked` */
export function missedLine(hour: number): string {
  return `hour ${hourText(hour)} was not checked`;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
