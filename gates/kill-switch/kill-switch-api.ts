import { UnavailableError } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";

/** One use of a platform's kill switch. */
export interface SwitchUse {
  readonly scope: "canary" | "global";
  readonly enable: boolean;
  readonly dryRun: boolean;
  readonly actor: string;
  readonly reason: string;
}

/** How it is asked. */
export interface SwitchAccess {
  readonly allowedHosts: readonly string[];
  readonly signal: AbortSignal;
}

const SWITCH = "/api/tools/kill-switch";
const STATUS = "/api/features/status";
const DEADLINE_MS = 5_000;

/** The line that does the same by hand. */
export function switchCommand(platform: URL, { scope, enable, dryRun, actor, reason }: SwitchUse): string {
  const headers = `-H ${quoted(`X-Actor: ${inHeader(actor)}`)} -H ${quoted(`X-Reason: ${inHeader(reason)}`)}`;
  return `curl -s -X POST ${quoted(addressOf(platform, { scope, enable, dryRun }).href)} ${headers}`;
}

/**
 * Uses the switch at one replica, and returns its answer.
 *
 * @throws UnavailableError `kill-switch-refused` when it does not answer with a 2xx; NetworkError.
 */
export async function useKillSwitch(platform: URL, use: SwitchUse, access: SwitchAccess): Promise<string> {
  const { status, ok, text } = await requestHttp(addressOf(platform, use), {
    ...{ method: "POST", deadlineMs: DEADLINE_MS, ...access },
    headers: { "x-actor": inHeader(use.actor), "x-reason": inHeader(use.reason) },
  });
  if (ok) return text;
  throw new UnavailableError({
    code: "kill-switch-refused",
    message: `Expected the kill switch at ${platform.origin} to answer with a 2xx, got status ${status}.`,
    nextStep: `Try it by hand: ${switchCommand(platform, use)}`,
  });
}

/**
 * Whether a replica says that it executes orders. What it does, only an order shows.
 *
 * @throws UnavailableError `no-execution-flag` when it does not say so.
 */
export async function saysEnabled(platform: URL, access: SwitchAccess): Promise<boolean> {
  const { ok, status, text } = await requestHttp(new URL(STATUS, platform), {
    deadlineMs: DEADLINE_MS,
    ...access,
  });
  const enabled = ok ? enabledIn(text) : null;
  if (enabled !== null) return enabled;
  throw new UnavailableError({
    code: "no-execution-flag",
    message: `Expected execution.enabled at ${platform.origin}${STATUS}, got status ${status} with ${JSON.stringify(text.slice(0, 60))}.`,
    nextStep: "Look whether the replica is up, and whether it shows its flags there.",
  });
}

/** `platform` is a replica, or the address of its switch where that is another one. */
function addressOf(platform: URL, { scope, enable, dryRun }: Pick<SwitchUse, "scope" | "enable" | "dryRun">) {
  const url = platform.pathname === "/" ? new URL(SWITCH, platform) : new URL(platform);
  url.searchParams.set("scope", scope);
  if (enable) url.searchParams.set("enable", "true");
  if (dryRun) url.searchParams.set("dry_run", "true");
  return url;
}

function enabledIn(text: string): boolean | null {
  try {
    const enabled: unknown = JSON.parse(text)?.execution?.enabled;
    return typeof enabled === "boolean" ? enabled : null;
  } catch {
    return null;
  }
}

/** Headers carry no other letters. */
function inHeader(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 500);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
