export { CONTENDED_FROM, isContended, isFull, type MachineLoad } from "./machine-load.ts";
export { MachineWatch } from "./machine-watch.ts";
export { mayMount } from "./may-mount.ts";
