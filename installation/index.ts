export { importOptional } from "./import-optional.ts";
export { INSTALLATION, outDirectory } from "./installation.ts";
export { ownModule } from "./own-module.ts";
export { readRelease } from "./read-release.ts";
