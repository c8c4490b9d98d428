import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root. */
export const PROJECT_DIRECTORY: string = fileURLToPath(new URL("..", import.meta.url));

/** Where the steps of `npm test` leave their reports. */
export const TEST_RESULTS_DIRECTORY: string = join(PROJECT_DIRECTORY, "reports", "out", "test-results");

/** May be deleted at any time; makes later commands faster or their output more useful. */
export const CACHE_DIRECTORY: string = join(PROJECT_DIRECTORY, "node_modules", ".cache", "kanit");
