import type { Fault } from "../../chaos/index.ts";

/** Whether another process of the platform runs after this fault: what the first one counted is gone. */
export function startsPlatformAgain(fault: Fault): boolean {
  return fault.kind === "kill" && fault.process === "platform";
}

/** Whether the platform's process does not run for a while, and so cannot be measured. */
export function interruptsPlatform(fault: Fault): boolean {
  return (fault.kind === "kill" || fault.kind === "pause") && fault.process === "platform";
}
