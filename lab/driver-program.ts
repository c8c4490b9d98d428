import { join } from "node:path";
import { DRIVER_INPUT_FILE, type DriverProgram } from "../api/index.ts";
import type { SecretRegistry } from "../core/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import type { LabOptions } from "./lab-options.ts";
import { guarded } from "./local/guard.ts";
import { controlGroupOf, labMark } from "./local/lab-mark.ts";

/** Where the driver of a platform's API runs. */
export interface DriverPlace {
  /** The address that it is to speak to. */
  readonly apiUrl: string;
  /** Its lab's own folder, by which it is found; null for a driver that serves no lab of this program. */
  readonly labDirectory: string | null;
  readonly logDirectory: string | null;
  /** The user's additions to the definition's variables. */
  readonly userEnvironment: Readonly<Record<string, string>>;
  readonly secrets: SecretRegistry;
}

/** The driver gets its questions by the file that the guard leaves alone. */
const WITH_INPUT = `exec "$@" <&${DRIVER_INPUT_FILE} ${DRIVER_INPUT_FILE}<&-`;

/** How the driver of a platform's API is started, once; null when a mapping speaks it. */
export async function driverProgram(
  { api, directory, environment }: PlatformDefinition,
  place: DriverPlace,
): Promise<DriverProgram | null> {
  if (api.driver === null) return null;
  const { labDirectory } = place;
  const [program, ...args] = api.driver.command;
  const command = [program === "node" ? process.execPath : program, ...args];
  const group = labDirectory === null ? null : await controlGroupOf(labDirectory);
  return {
    command: guarded(["/bin/sh", "-c", WITH_INPUT, "driver", ...command], "TERM", group ?? "-"),
    environment: {
      PATH: `${join(process.execPath, "..")}:/usr/local/bin:/usr/bin:/bin`,
      ...environment,
      ...place.userEnvironment,
      ...(labDirectory === null ? {} : labMark(labDirectory)),
      KANIT_API_URL: place.apiUrl,
    },
    workingDirectory: directory,
    logPath: place.logDirectory === null ? null : join(place.logDirectory, "driver.log"),
    secrets: place.secrets.registered(),
  };
}

/** The place of a driver in a lab. */
export function driverPlace(
  { directory, logDirectory, options }: { directory: string; logDirectory: string; options: LabOptions },
  apiUrl: string,
): DriverPlace {
  const { platformEnvironment, secrets } = options;
  return { apiUrl, labDirectory: directory, logDirectory, userEnvironment: platformEnvironment, secrets };
}
