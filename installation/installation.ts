import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where kanit itself is, and what follows from that. */
export interface Installation {
  /** `checkout`: the sources, run as they are. `package`: JavaScript made from them, below somebody's node_modules. */
  readonly kind: "checkout" | "package";
  /** The folder in which all rooms lie. It ends with a slash. */
  readonly directory: string;
  /** What a user types to run kanit. */
  readonly command: string;
}

/** Reads the kind of an installation from the address of one of the modules in `installation/`. */
export function installationOf(moduleUrl: string): Installation {
  const directory = fileURLToPath(new URL("../", moduleUrl));
  return moduleUrl.endsWith(".ts")
    ? { kind: "checkout", directory, command: "./kanit" }
    : { kind: "package", directory, command: "npx kanit" };
}

/** The installation that runs. */
export const INSTALLATION: Installation = installationOf(import.meta.url);

/**
 * Where reports and evidence go unless the user says otherwise: into the checkout, or into the folder in which a
 * package's user is. Never into node_modules, which is made anew with each installation.
 */
export function outDirectory({ kind, directory }: Installation, workingDirectory: string): string {
  return kind === "checkout" ? join(directory, "reports", "out") : join(workingDirectory, "kanit-out");
}
