/** Makes `dist/`, which `npm pack` puts into the package: `node project/package/main.ts`. */
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../directories.ts";
import { buildPackage } from "./build.ts";

await buildPackage(PROJECT_DIRECTORY, join(PROJECT_DIRECTORY, "dist"));
