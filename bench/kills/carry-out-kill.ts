import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { JOURNAL_NAME } from "../../evidence/index.ts";
import type { KillPlace, StartedCommand } from "./kill-place.ts";
import type { PlannedKill, Victim } from "./kill-plan.ts";
import { leftovers, processesOf, sharedMemory, type Traces, tracesOf } from "./leftovers.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
/** In this time nothing may be left. An orderly end heals the faults, stops the lab and files what is known. */
const LIMIT_MS = 20_000;
const READY_LIMIT_MS = 180_000;
const POLL_MS = 50;
/** By what in their arguments the processes of a lab are found that are killed before kanit is. */
const MARKS: Partial<Record<Victim, readonly string[]>> = {
  "guards, then kanit": [" guard.sh "],
  "every guard, then kanit": [" guard.sh ", " lab-guard.sh "],
  "proxy, then kanit": ["/chaos/proxy/main.ts"],
};
const ENDED_IN_ORDER: ReadonlySet<number> = new Set([0, 1, 2]);

/** By which a run that did not end is told from one whose evidence was changed. */
const KNOWN_FAIL = "the run had found a fail";

/** What came of a kill. */
export interface KillOutcome {
  readonly kill: PlannedKill;
  /** How long it took until nothing was left; null: something still was after the limit. */
  readonly goneAfterMs: number | null;
  /** Whether the command had ended by itself before. */
  readonly cameTooLate: boolean;
  /** What must not have been, a line each. */
  readonly findings: readonly string[];
}

/** Starts a command, kills it as planned, and looks at what is left, at its evidence and at the next lab. */
export async function carryOutKill(place: KillPlace, kill: PlannedKill): Promise<KillOutcome> {
  const earlier = await sharedMemory();
  const command = await place.start(kill);
  await Promise.race([delay(kill.momentMs), command.ended]);
  const cameTooLate = command.process.exitCode !== null;
  const traces = await tracesOf(place, earlier);
  const startedAtMs = performance.now();
  const later = await killAll(place, kill, command, traces);
  // Nobody is there to clean up when every guard was killed: the next lab does.
  const left = kill.victim === "every guard, then kanit" ? [] : await untilNothingIsLeft(place, later);
  const goneAfterMs = left.length === 0 ? Math.round(performance.now() - startedAtMs) : null;
  if (left.length > 0) for (const { pid } of await processesOf(place)) signal(pid, "SIGKILL");
  const { code } = await command.ended;
  const findings = [
    ...left.map((line) => `left: ${line}`),
    ...findingsOfEnd(kill, code, command.said()),
    ...(await findingsOfEvidence(place)),
    ...(needsNextLab(kill) ? await findingsOfNextLab(place, later) : []),
  ];
  return { kill, goneAfterMs, cameTooLate, findings };
}

/** The next lab takes as long as a kill: it is brought up where it has to clean up, and after some of the others. */
function needsNextLab({ command, victim, number }: PlannedKill): boolean {
  return command.against === "lab" && (victim === "every guard, then kanit" || number % 4 === 0);
}

/** Returns the traces that can be told after the last kill. */
async function killAll(
  place: KillPlace,
  { victim, signal: name, followsAfterMs }: PlannedKill,
  { process: child, ended }: StartedCommand,
  traces: Traces,
): Promise<Traces> {
  const pid = child.pid ?? 0;
  // npm and shells go on after a SIGINT of their own: Ctrl-C in a terminal goes to the whole group.
  if (victim === "kanit's group" || name === "SIGINT") signal(-pid, name);
  else if (!victim.endsWith("then kanit")) signal(pid, name);
  if (!victim.endsWith("then kanit")) return traces;
  const marks = MARKS[victim] ?? [];
  for (const { pid: found, line } of await processesOf(place)) {
    if (marks.some((mark) => line.includes(mark))) signal(found, "SIGKILL");
  }
  await Promise.race([delay(followsAfterMs), ended]);
  const second = await tracesOf(place, traces.earlier);
  for (const { pid: found, line } of await processesOf(place)) {
    if (line.includes(MAIN)) signal(found, "SIGKILL");
  }
  return bothOf(traces, second);
}

function bothOf(one: Traces, other: Traces): Traces {
  return {
    ports: [...one.ports, ...other.ports],
    controlGroups: [...one.controlGroups, ...other.controlGroups],
    pids: new Set([...one.pids, ...other.pids]),
    mapped: new Set([...one.mapped, ...other.mapped]),
    earlier: one.earlier,
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function untilNothingIsLeft(place: KillPlace, traces: Traces): Promise<readonly string[]> {
  const deadlineMs = performance.now() + LIMIT_MS;
  for (;;) {
    const left = await leftovers(place, traces);
    if (left.length === 0 || performance.now() > deadlineMs) return left;
    await delay(POLL_MS);
  }
}

/** A runner that was asked to end says how; none may end by a defect of its own. */
function findingsOfEnd({ victim, signal: name }: PlannedKill, code: number | null, said: string): string[] {
  const defects = /^.*(?:internal error|\bat .*\(?file:\/\/)[\s\S]*/m.exec(said);
  const isAsked = victim.startsWith("kanit") && name !== "SIGKILL";
  const isOrderly = code === null || ENDED_IN_ORDER.has(code);
  return [
    ...(defects === null ? [] : [`said: ${defects[0]}`]),
    ...(isAsked && !isOrderly ? [`exit code ${code}: ${said.slice(-300)}`] : []),
  ];
}

async function findingsOfEvidence(place: KillPlace): Promise<readonly string[]> {
  const findings = [...(await findingsOfBlast(place))];
  for (const name of await namesIn(place.outDirectory)) {
    const folder = join(place.outDirectory, name);
    // Killed before its first line was written: there is nothing to read.
    if (name !== "labs" && existsSync(join(folder, JOURNAL_NAME))) {
      findings.push(...(await findingsOfRun(place, folder)));
    }
    await rm(folder, { recursive: true, force: true });
  }
  return findings;
}

/** A blast is filed as a whole or not at all. */
async function findingsOfBlast({ evidenceDirectory }: KillPlace): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const name of await namesIn(evidenceDirectory)) {
    const text = await readFile(join(evidenceDirectory, name), "utf8");
    const isWhole = name.endsWith(".json") ? isJson(text) : text.endsWith("\n") && !name.endsWith(".tmp");
    if (!isWhole) findings.push(`evidence of the blast: ${name} is not whole: ${text.slice(-200)}`);
  }
  await rm(evidenceDirectory, { recursive: true, force: true });
  return findings;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function findingsOfRun(place: KillPlace, folder: string): Promise<readonly string[]> {
  const verified = await ask(place, ["verify", folder]);
  if (verified.code === 0) return [];
  if (verified.code !== 2 && !verified.said.includes(KNOWN_FAIL))
    return [`verify ${folder}: exit code ${verified.code}: ${verified.said}`];
  const reported = await ask(place, ["report", folder, "--json"]);
  // Killed before its lab was ready: it says so, and there is nothing to report.
  if (reported.said.includes('"run-not-begun"')) return [];
  // A fail that was known before the kill stays one.
  const isMade = existsSync(join(folder, "index.html"));
  if (isMade && (reported.code === 1 || reported.code === 2)) return [];
  return [`report ${folder}: exit code ${reported.code}: ${reported.said}`];
}

async function ask(place: KillPlace, words: readonly string[]) {
  const command = place.kanit(words);
  return { code: (await command.ended).code, said: command.said() };
}

async function findingsOfNextLab(place: KillPlace, earlier: Traces): Promise<readonly string[]> {
  const next = place.kanit(["up", "--tape", "synthetic"]);
  const deadlineMs = performance.now() + READY_LIMIT_MS;
  while (!next.said().includes("Ctrl-C stops it") && next.process.exitCode === null) {
    if (performance.now() > deadlineMs) break;
    await delay(POLL_MS);
  }
  const isReady = next.said().includes("Ctrl-C stops it");
  const traces = bothOf(earlier, await tracesOf(place, earlier.earlier));
  next.process.kill("SIGTERM");
  const { code } = await next.ended;
  const left = await leftovers(place, traces);
  return [
    ...(isReady && code === 0 ? [] : [`next lab: exit code ${code}: ${next.said().slice(0, 500)}`]),
    ...left.map((line) => `left by the next lab, which ended in order: ${line}`),
  ];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}
