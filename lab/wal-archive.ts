import { join } from "node:path";

const FOLDER = "wal-archive";

/** Beside the data directory, which is where Postgres runs the command. Removed with the lab. */
export const ARCHIVE_COMMAND = `mkdir -p ../${FOLDER} && cp %p ../${FOLDER}/%f`;

/** The folder of a lab's archive, once somebody has asked for one. */
export function archiveBeside(dataDirectory: string): string {
  return join(dataDirectory, "..", FOLDER);
}
