import type { Gate } from "./engine/gate.ts";
import { PREFLIGHT } from "./preflight/preflight.ts";

/** The gates of a release, in the order in which they are passed. To add one, add a folder and a line here. */
export const GATES: readonly Gate[] = [PREFLIGHT];
