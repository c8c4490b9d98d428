import type { Dialogue } from "./exchange.ts";
import { PROXY_DIALOGUES } from "./proxy-dialogues.ts";
import { SERVER_DIALOGUES } from "./server-dialogues.ts";
import { TOXIC_DIALOGUES } from "./toxic-dialogues.ts";

/** All requests and expected answers of the control API: each path, method, status and error. */
export const DIALOGUES: readonly Dialogue[] = [...SERVER_DIALOGUES, ...PROXY_DIALOGUES, ...TOXIC_DIALOGUES];
