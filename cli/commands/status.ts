import type { Command } from "commander";
import { FaultProxyClient, type LinkState, type ToxicState } from "../../chaos/index.ts";
import { counted, formatDuration, systemClock } from "../../core/index.ts";
import { VENUE_NAMES } from "../../venues/index.ts";
import { canaryLines, readShare } from "../canary-view.ts";
import { type LabChoice, pickLab, type ReadyLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import { accessPath, shownAddresses } from "../lab-addresses.ts";
import type { CommandResult } from "../output.ts";
import { VenueControl } from "../venue-control.ts";
import { readProcesses } from "./powers.ts";

/** A part of a lab's status, for a person and for a program. */
interface StatusPart {
  readonly lines: readonly string[];
  readonly result: CommandResult;
}

/** `kanit status`: the running labs. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  withLabChoice(
    program.command("status").description("show the running labs, their processes, links, venues and faults"),
  ).action((choice: LabChoice) => status(choice, context));
}

async function status(choice: LabChoice, context: CommandContext): Promise<void> {
  const { environment, output } = context;
  const labs = await readyLabs(environment, choice);
  const chosen = choice.lab === undefined ? labs : [pickLab(labs, choice)];
  const shown: CommandResult[] = [];
  for (const lab of chosen) {
    const { lines, result } = await statusOf(lab, context);
    for (const line of lines) output.line(line);
    shown.push(result);
  }
  output.result({ labs: shown });
  if (chosen.length === 0) output.line("No lab is running. `kanit up` brings one up.");
}

async function statusOf(lab: ReadyLab, { environment, signal }: CommandContext): Promise<StatusPart> {
  const { id, runtime, createdAt, owner, addresses } = lab;
  const processes = await readProcesses(lab, environment);
  const access = await accessPath(lab, environment);
  const { silent } = processes;
  const links = silent.has("proxy") ? SILENT_PROXY : await linksOf(lab);
  // In containers the doorway leads to the exchanges, in the proxy's network.
  const reachable = !["proxy", "exchanges", "doorway"].some((name) => silent.has(name));
  const venues = reachable
    ? await venuesOf(lab, signal)
    : { lines: [], result: { venues: null, misbehaviors: null } };
  const canary = await canaryOf(lab, signal);
  return {
    lines: [
      `lab ${id}  ${runtime}  since ${createdAt}  process ${owner.pid}  ${addresses.api}`,
      `  access        ${access}`,
      ...canary.lines,
      ...processes.lines,
      ...links.lines,
      ...venues.lines,
    ],
    result: {
      ...{ lab: id, runtime, createdAt, pid: owner.pid, addresses: shownAddresses(addresses), access },
      processes: processes.processes,
      ...canary.result,
      ...links.result,
      ...venues.result,
    },
  };
}

async function canaryOf({ canary }: ReadyLab, signal: AbortSignal): Promise<StatusPart> {
  if (canary === null) return { lines: [], result: { canary: null } };
  const share = await readShare(canary, signal);
  return {
    lines: await canaryLines(canary, signal),
    result: { canary: { ...canary, sharePercent: typeof share === "number" ? share : null } },
  };
}

const SILENT_PROXY: StatusPart = {
  lines: ["  links: unknown while the proxy does not answer"],
  result: { links: null, leases: null },
};

async function linksOf(lab: ReadyLab): Promise<StatusPart> {
  const proxy = await FaultProxyClient.connect(lab.addresses.proxyControl);
  const links = [...(await proxy.links()).values()];
  const leases = await proxy.leases();
  return {
    lines: [
      ...links.map(linkLine),
      ...leases.map(({ owner, expiresAtMs }) => {
        const left = formatDuration(Math.max(0, expiresAtMs - systemClock.nowMs()));
        return `  lease of ${owner}: ${left} left unless it is renewed`;
      }),
    ],
    result: {
      links: links.map(({ name, listen, upstream, enabled, toxics }) => ({
        name,
        listen,
        upstream,
        enabled,
        toxics,
      })),
      leases: leases.map(({ owner, expiresAtMs }) => ({ owner, expiresAtMs })),
    },
  };
}

function linkLine({ name, listen, upstream, enabled, toxics }: LinkState): string {
  const state = enabled ? (toxics.length === 0 ? "clean" : toxics.map(toxicLine).join("; ")) : "down";
  return `  ${name.padEnd(13)} ${listen.padEnd(21)} → ${upstream.padEnd(21)} ${state}`;
}

async function venuesOf(lab: ReadyLab, signal: AbortSignal): Promise<StatusPart> {
  const control = new VenueControl(lab.addresses.venueControl, signal);
  const lines: string[] = [];
  const venues: CommandResult[] = [];
  const active: { readonly venue: string; readonly name: string; readonly bites: number }[] = [];
  for (const venue of VENUE_NAMES) {
    const { tape, session, openOrders, trades, misbehaviors } = await control.status(venue);
    const trading = openOrders === undefined ? [] : [`${openOrders} open orders, ${trades} fills`];
    const state = [`tape ${tape}`, ...(session === undefined ? [] : [`session ${session}`]), ...trading];
    lines.push(`  venue ${venue.padEnd(12)} ${state.join(", ")}`);
    venues.push({ venue, tape, session: session ?? null });
    const on = misbehaviors.filter(({ frequency }) => frequency !== "off");
    active.push(...on.map(({ name, bites }) => ({ venue, name, bites })));
  }
  const misbehaving = active.map(
    ({ venue, name, bites }) => `  ${venue} misbehaves: ${name}, happened ${counted(bites, "time")}`,
  );
  return { lines: [...lines, ...misbehaving], result: { venues, misbehaviors: active } };
}

/** Describes a toxic for display. Attributes that are empty or 0 have no effect and are left out. */
function toxicLine({ type, stream, toxicity, attributes }: ToxicState): string {
  const values = Object.entries(attributes).flatMap(([name, value]) => {
    const text =
      typeof value === "object"
        ? Object.entries(value)
            .map(([key, part]) => `${key}: ${part}`)
            .join("; ")
        : String(value);
    return text === "" || text === "0" ? [] : [` ${name}=${text}`];
  });
  return `${type}${values.join("")} ${stream}${toxicity === 1 ? "" : ` ${toxicity * 100} %`}`;
}
