export { performRitual, type RitualStep } from "./perform-ritual.ts";
