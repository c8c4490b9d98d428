import { accessFile, type LabAddresses, openStateDirectory } from "../lab/index.ts";
import { withoutCredentials } from "../network/index.ts";
import type { Environment } from "./environment.ts";

/** The addresses of a lab as they may be shown: without the passwords and tokens, which its access file has. */
export function shownAddresses({ links, ...others }: LabAddresses): Readonly<Record<string, unknown>> {
  const entries = Object.entries(others).map(([name, address]) => [name, withoutCredentials(address)]);
  return { ...Object.fromEntries(entries), links };
}

/** The file that has a lab's tokens and passwords, which only its user can read. */
export async function accessPath(
  { id }: { readonly id: string },
  { temporaryDirectory }: Environment,
): Promise<string> {
  return accessFile((await openStateDirectory(temporaryDirectory)).labs, id);
}
