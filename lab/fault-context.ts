import type { FaultContext, FaultProxyClient, FaultyDatabase, FaultyProcesses } from "../chaos/index.ts";
import { UsageError } from "../core/index.ts";
import type { LabAddresses } from "./lab.ts";
import type { LabPowers } from "./powers/lab-powers.ts";

/** A pause ends with its fault, and with its lab; this is only what the lab is told at most. */
const LONGEST_PAUSE_MS = 86_400_000;

/**
 * Returns what faults act on in a lab, under the lease that `proxy` represents. Everything that injects
 * faults uses it, so that the address of each link is decided in one place.
 */
export function faultContextOf(
  lab: { readonly addresses: LabAddresses; readonly powers: LabPowers | null },
  proxy: FaultProxyClient,
  { clients, ownFaults, database }: RunParts = NOTHING_OF_A_RUN,
): FaultContext {
  return {
    proxy,
    // Evaluated each time, since a reset of the lab creates another database.
    databaseUrlOf: (link) => databaseUrlOf(lab.addresses, link),
    venueControlUrl: lab.addresses.venueControl,
    processes: faultyProcesses(lab.powers, database),
    clients,
    ownFaults,
  };
}

/** What only a run of scenarios has. */
type RunParts = Pick<FaultContext, "clients" | "ownFaults"> & { readonly database: FaultyDatabase | null };

const NOTHING_OF_A_RUN: RunParts = { clients: null, ownFaults: [], database: null };

/** Null where the processes belong to another command: their owner alone knows which end was meant. */
function faultyProcesses(powers: LabPowers | null, database: FaultyDatabase | null): FaultyProcesses | null {
  if (powers === null || powers.killing === null || powers.pausing === null) return null;
  const { killing, pausing, clockStepping } = powers;
  return {
    kill: async (process) => {
      const downtime = await killing.takeDown(process);
      return { restore: () => downtime.startAgain() };
    },
    pause: async (process) => {
      const paused = await pausing.pause(process, LONGEST_PAUSE_MS);
      return { restore: () => paused.resume() };
    },
    stepClock: async (byMs) => {
      if (clockStepping === null) throw notSteppable();
      return clockStepping.step(byMs);
    },
    database,
  };
}

function notSteppable(): UsageError {
  return new UsageError({
    code: "clock-not-steppable",
    message:
      "Expected a lab that was started for the fault clock-step, got one whose platform has the machine's clock.",
    nextStep: "Use it in a scenario, in the runtime local, with `clock: libfaketime` in platform.yml.",
  });
}

/**
 * Returns the URL of the database through one of the links that lead to it.
 *
 * @throws UsageError `link-without-database`
 */
export function databaseUrlOf(
  { databaseUrl, poolerUrl, links }: Pick<LabAddresses, "databaseUrl" | "poolerUrl" | "links">,
  link: string,
): string {
  switch (link) {
    case "pgbouncer":
      return poolerUrl;
    case "postgres": {
      const direct = new URL(databaseUrl);
      direct.host = links.postgres;
      return direct.href;
    }
    default:
      throw new UsageError({
        code: "link-without-database",
        message: `Expected a link that leads to the database, got ${link}.`,
        nextStep: "Use pgbouncer for the pooler's connections, or postgres for the database's own.",
      });
  }
}
