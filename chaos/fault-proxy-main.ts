import { fileURLToPath } from "node:url";
import { ownModule } from "../installation/index.ts";

/**
 * The fault proxy's program: `node <this> --port 0 --seed 1` prints
 * `{"event":"listening","url":"http://127.0.0.1:PORT"}` once its control API listens.
 */
export const FAULT_PROXY_MAIN: string = fileURLToPath(ownModule("./proxy/main.ts", import.meta.url));
