export { attestRelease } from "./attest-release.ts";
export { fileBuild } from "./build-outcomes.ts";
export { performRitual, type RitualStep } from "./perform-ritual.ts";
