export { attestRelease } from "./attest-release.ts";
export { performRitual, type RitualStep } from "./perform-ritual.ts";
