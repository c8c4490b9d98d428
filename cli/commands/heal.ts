import type { Command } from "commander";
import { FAULT_KINDS, FaultProxyClient, type LinkState } from "../../chaos/index.ts";
import { UsageError } from "../../core/index.ts";
import { LINK_NAMES } from "../../lab/index.ts";
import { MISBEHAVIOR_VENUES, VENUE_NAMES } from "../../venues/index.ts";
import { type LabChoice, pickLab, type ReadyLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import { VenueControl } from "../venue-control.ts";
import { resumeAll } from "./powers.ts";

/** The owner of the leases of faults that were injected for a time, with the process that did it. */
export const INJECT_OWNER = "kanit inject";

/** `kanit heal`: everything, or only what is on a link, of a kind, or a misbehavior. */
export function addHealCommand(program: Command, context: CommandContext): void {
  withLabChoice(
    program
      .command("heal")
      .description("remove the faults of a lab and end every pause; with a name, only those faults")
      .argument("[name]", "a link, a fault or toxic, a venue or a misbehavior (default: everything)"),
  ).action((name: string | undefined, choice: LabChoice) =>
    name === undefined ? healAll(choice, context) : healNamed(name, choice, context),
  );
}

async function healAll(choice: LabChoice, { environment, output, signal }: CommandContext): Promise<void> {
  const lab = pickLab(await readyLabs(environment, choice), choice);
  // Processes are resumed first: a paused fault proxy or exchange could not heal anything.
  await resumeAll(lab, environment);
  const proxy = await FaultProxyClient.connect(lab.addresses.proxyControl);
  await proxy.reset();
  // Those of `kanit inject --for`: what they held is gone.
  const ended = (await proxy.leases()).filter(({ owner }) => owner.startsWith(INJECT_OWNER));
  await Promise.all(ended.map(({ id }) => proxy.endLease(id)));
  const venues = new VenueControl(lab.addresses.venueControl, signal);
  await Promise.all(VENUE_NAMES.map((venue) => venues.behave(venue, undefined)));
  output.result({ lab: lab.id });
  output.line(`lab ${lab.id} has no faults.`);
}

async function healNamed(
  name: string,
  choice: LabChoice,
  { environment, output, signal }: CommandContext,
): Promise<void> {
  const lab = pickLab(await readyLabs(environment, choice), choice);
  const proxy = await FaultProxyClient.connect(lab.addresses.proxyControl);
  const links = [...(await proxy.links()).values()];
  requireKnown(name, links);
  const healed = [...(await healLinks(name, links, proxy)), ...(await healVenues(name, lab, signal))];
  output.result({ lab: lab.id, healed });
  output.line(
    healed.length === 0
      ? `lab ${lab.id} had no fault of ${name}.`
      : `healed in lab ${lab.id}: ${healed.join(", ")}.`,
  );
}

/** Removes the toxics that the name selects, and opens the links that it selects. Returns what there was. */
async function healLinks(
  name: string,
  links: readonly LinkState[],
  proxy: FaultProxyClient,
): Promise<readonly string[]> {
  const healed: string[] = [];
  for (const link of links) {
    const isLink = link.name === name;
    if (!link.enabled && (isLink || name === "down")) {
      await proxy.setEnabled(link.name, true);
      healed.push(`down on ${link.name}`);
    }
    for (const toxic of link.toxics) {
      if (!isLink && !namesOfToxic(toxic).includes(name)) continue;
      await proxy.removeToxic(link.name, toxic.name);
      healed.push(`${toxic.name} on ${link.name}`);
    }
  }
  return healed;
}

async function healVenues(name: string, lab: ReadyLab, signal: AbortSignal): Promise<readonly string[]> {
  const control = new VenueControl(lab.addresses.venueControl, signal);
  const healed: string[] = [];
  for (const venue of VENUE_NAMES) {
    const { misbehaviors } = await control.status(venue);
    for (const each of misbehaviors) {
      if (each.frequency === "off" || (venue !== name && each.name !== name)) continue;
      await control.behave(venue, each.name);
      healed.push(`${each.name} at ${venue}`);
    }
  }
  return healed;
}

/** Its own name, its type, and the kind of the fault that it is. */
function namesOfToxic({ name, type }: LinkState["toxics"][number]): readonly string[] {
  const kinds = Object.values(FAULT_KINDS).filter(({ toxic }) => toxic?.type === type);
  return [name, type, ...kinds.map(({ kind }) => kind)];
}

function requireKnown(name: string, links: readonly LinkState[]): void {
  const toxics = links.flatMap((link) => link.toxics);
  const known = [
    ...LINK_NAMES,
    ...Object.values(FAULT_KINDS).flatMap(({ kind, toxic }) =>
      toxic === null ? [kind] : [kind, toxic.type],
    ),
    ...toxics.flatMap(namesOfToxic),
    ...VENUE_NAMES,
    ...Object.keys(MISBEHAVIOR_VENUES),
  ];
  if (known.includes(name)) return;
  throw new UsageError({
    code: "unknown-fault",
    message: `Expected a link, a fault, a venue or a misbehavior, got ${JSON.stringify(name)}.`,
    nextStep: "See `kanit status` for what is active; without a name, everything is healed.",
  });
}
