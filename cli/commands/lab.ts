import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { FAULT_KINDS, FaultProxyClient, injectFault, parseFault } from "../../chaos/index.ts";
import { systemClock, UsageError } from "../../core/index.ts";
import {
  type LabRecord,
  LINK_NAMES,
  listLabs,
  openStateDirectory,
  startLocalLab,
  stopLab,
  sweepDeadLabs,
} from "../../lab/index.ts";
import type { CommandContext } from "../context.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";

const LOGS = fileURLToPath(new URL("../../reports/out/labs", import.meta.url));

/** `kanit up`, `status`, `inject`, `heal` and `down`: a lab by hand. */
export function addLabCommands(program: Command, context: CommandContext): void {
  withLabFlags(program.command("up").description("bring a lab up and keep it until Ctrl-C")).action(
    (flags: LabFlags) => up(flags, context),
  );
  withLabChoice(
    program.command("status").description("show the running labs, their links and faults"),
  ).action((choice: LabChoice) => status(choice, context));
  withLabChoice(
    program
      .command("inject")
      .description("inject a fault: kanit inject postgres latency latency=300 jitter=20")
      .argument("<link>", LINK_NAMES.join(", "))
      .argument("<toxic>", Object.keys(FAULT_KINDS).join(", "))
      .argument("[attributes...]", "key=value"),
  ).action((link: string, toxic: string, attributes: readonly string[], choice: LabChoice) =>
    inject(link, toxic, attributes, choice, context),
  );
  withLabChoice(program.command("heal").description("remove every fault of a lab")).action(
    (choice: LabChoice) => heal(choice, context),
  );
  withLabChoice(
    program.command("down").description("take a lab down, and remove what dead labs left"),
  ).action((choice: LabChoice) => down(choice, context));
}

interface LabChoice {
  readonly lab?: string;
}

function withLabChoice(command: Command): Command {
  return command.option("--lab <id>", "which lab, when several run");
}

async function up(flags: LabFlags, { environment, output, signal }: CommandContext): Promise<void> {
  const wish = await completeLabFlags(flags, environment);
  const stamp = new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const logDirectory = join(LOGS, `${stamp}Z-${process.pid}`);
  const startMs = systemClock.monotonicMs();
  await using lab = await startLocalLab({
    ...wish,
    logDirectory,
    temporaryDirectory: environment.temporaryDirectory,
    signal,
  });
  const { addresses } = lab;
  output.line(`lab ${lab.id} ready in ${Math.round(systemClock.monotonicMs() - startMs)} ms`);
  output.line(`  platform    ${addresses.api}`);
  output.line(`  dashboard   ${addresses.api}/dashboard`);
  output.line(`  metrics     ${addresses.metrics}`);
  output.line(`  proxy API   ${addresses.proxyControl}   (Toxiproxy's, for its own clients)`);
  output.line(`  venues API  ${addresses.venueControl}`);
  output.line(`  database    ${addresses.databaseUrl}`);
  for (const name of LINK_NAMES) output.line(`  link ${name.padEnd(13)} ${addresses.links[name]}`);
  output.line(`  logs        ${logDirectory}`);
  output.line("Ctrl-C takes it down.");
  const died = await new Promise<string | null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
    lab.onDeath((death) =>
      resolve(`${death.process} ended with ${death.ending}: ${death.lastLines.at(-1) ?? ""}`),
    );
    if (signal.aborted) resolve(null);
  });
  if (died !== null) output.line(`${died}\nTaking the lab down; its logs are in ${logDirectory}`);
}

async function status(choice: LabChoice, { environment, output }: CommandContext): Promise<void> {
  const labs = await readyLabs(environment.temporaryDirectory);
  if (labs.length === 0 && choice.lab === undefined) {
    output.line("No lab is running. `kanit up` brings one up.");
    return;
  }
  for (const lab of choice.lab === undefined ? labs : [pick(labs, choice)]) {
    output.line(
      `lab ${lab.id}  ${lab.runtime}  since ${lab.createdAt}  process ${lab.owner.pid}  ${lab.addresses.api}`,
    );
    const proxy = await FaultProxyClient.connect(lab.addresses.proxyControl);
    for (const link of (await proxy.links()).values()) {
      const toxics = link.toxics.map(({ type, stream, toxicity, attributes }) => {
        const values = Object.entries(attributes).map(([name, value]) => ` ${name}=${value}`);
        return `${type}${values.join("")} ${stream}${toxicity === 1 ? "" : ` ${toxicity * 100} %`}`;
      });
      const state = link.enabled ? (toxics.length === 0 ? "clean" : toxics.join("; ")) : "down";
      output.line(
        `  ${link.name.padEnd(13)} ${link.listen.padEnd(21)} → ${link.upstream.padEnd(21)} ${state}`,
      );
    }
  }
}

async function inject(
  link: string,
  toxic: string,
  attributes: readonly string[],
  choice: LabChoice,
  { environment, output }: CommandContext,
): Promise<void> {
  const fault = parseFault(link, toxic, attributes);
  if (fault.kind === "hold-connections") {
    throw new UsageError({
      code: "fault-needs-a-run",
      message:
        "Expected a fault that lives in the proxy, got hold-connections, which lasts only as long as its command.",
      nextStep: "Use it in a scenario: `kanit run pool-exhaustion`.",
    });
  }
  if (!LINK_NAMES.some((name) => name === link)) throw unknownLink(link);
  const lab = pick(await readyLabs(environment.temporaryDirectory), choice);
  const proxy = await FaultProxyClient.connect(lab.addresses.proxyControl);
  const active = await injectFault(fault, {
    proxy,
    poolerUrl: lab.addresses.poolerUrl,
    venueControlUrl: lab.addresses.venueControl,
  });
  output.line(`${active.label} in lab ${lab.id}. \`kanit heal\` removes it.`);
}

async function heal(choice: LabChoice, { environment, output }: CommandContext): Promise<void> {
  const lab = pick(await readyLabs(environment.temporaryDirectory), choice);
  await (await FaultProxyClient.connect(lab.addresses.proxyControl)).reset();
  output.line(`lab ${lab.id} has no faults.`);
}

async function down(choice: LabChoice, { environment, output }: CommandContext): Promise<void> {
  const state = await openStateDirectory(environment.temporaryDirectory);
  const labs = await listLabs(state.labs);
  if (labs.length > 0 || choice.lab !== undefined) {
    const lab = pick(labs, choice);
    await stopLab(lab, systemClock);
    output.line(`lab ${lab.id} is down.`);
  }
  const swept = await sweepDeadLabs(state.labs, systemClock.nowMs());
  if (swept > 0) output.line(`removed what ${swept} dead lab${swept === 1 ? "" : "s"} left.`);
  if (labs.length === 0 && swept === 0) output.line("No lab is running.");
}

type ReadyLab = LabRecord & { readonly addresses: NonNullable<LabRecord["addresses"]> };

async function readyLabs(temporaryDirectory: string): Promise<readonly ReadyLab[]> {
  const state = await openStateDirectory(temporaryDirectory);
  const labs = await listLabs(state.labs);
  return labs.filter((lab): lab is ReadyLab => lab.addresses !== null);
}

function pick<T extends LabRecord>(labs: readonly T[], { lab: wanted }: LabChoice): T {
  const ids = labs.map((lab) => lab.id).join(", ");
  const found =
    wanted === undefined ? (labs.length === 1 ? labs[0] : undefined) : labs.find((lab) => lab.id === wanted);
  if (found !== undefined) return found;
  throw new UsageError({
    code: "no-such-lab",
    message:
      labs.length === 0
        ? "Expected a running lab, but there is none."
        : `Expected ${wanted === undefined ? "one running lab" : `lab ${wanted}`}, but these run: ${ids}.`,
    nextStep: labs.length === 0 ? "Bring one up: kanit up." : "Name one of them: --lab <id>.",
  });
}

function unknownLink(link: string): UsageError {
  return new UsageError({
    code: "unknown-link",
    message: `Expected the name of a link, got ${JSON.stringify(link)}.`,
    nextStep: `Known are ${LINK_NAMES.join(", ")}.`,
  });
}
