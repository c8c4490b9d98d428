import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabAddresses } from "./lab.ts";

const ACCESS_FILE = "access.env";
const OWNER_ONLY = 0o600;

/** Where a lab's passwords and tokens are for shells. Only the lab's user may read it; it goes with the lab. */
export function accessFile(labsDirectory: string, labId: string): string {
  return join(labsDirectory, labId, ACCESS_FILE);
}

/** Writes the file at once, never half. */
export async function writeAccessFile(path: string, addresses: LabAddresses): Promise<void> {
  await writeFile(`${path}.new`, accessText(path, addresses), { mode: OWNER_ONLY });
  await rename(`${path}.new`, path);
}

/** The variables that Toxiproxy's clients and Postgres's programs read, so that no secret is among their arguments. */
function accessText(path: string, { proxyControl, venueControl, databaseUrl }: LabAddresses): string {
  const database = new URL(databaseUrl);
  const variables = {
    TOXIPROXY_URL: proxyControl,
    KANIT_VENUES_URL: venueControl,
    PGHOST: database.hostname,
    PGPORT: database.port,
    PGUSER: database.username,
    PGPASSWORD: database.password,
    PGDATABASE: database.pathname.slice(1),
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  return `# set -a; . ${path}; set +a\n# Then toxiproxy-cli and psql reach this lab. docs/fault-proxy.md says more.\n${lines.join("")}`;
}
