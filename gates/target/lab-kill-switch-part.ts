import type { LabAddresses, LabCanary } from "../../lab/index.ts";
import type { KillSwitchPart } from "../kill-switch/kill-switch-part.ts";
import { Turns } from "../kill-switch/turns.ts";

/** The two versions of a lab, whose trading may be stopped. */
export function labKillSwitchPart(
  { stable, candidate }: LabCanary,
  lab: LabAddresses,
  restart: (process: string) => Promise<void>,
): KillSwitchPart {
  return {
    canary: candidate.urls.map((url) => new URL(url)),
    stable: stable.urls.map((url) => new URL(url)),
    lab,
    restartCanary: () => restart(candidate.process),
    turns: new Turns(),
  };
}
