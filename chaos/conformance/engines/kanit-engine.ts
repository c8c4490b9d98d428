import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UnavailableError } from "../../../core/index.ts";
import { FAULT_PROXY_MAIN } from "../../fault-proxy-main.ts";
import { type Engine, startedEngine } from "./engine.ts";

/** kanit's fault proxy, as the lab starts it. */
export const kanit: Engine = {
  name: "kanit",
  label: "kanit",
  async start({ seed } = { seed: 1 }) {
    const child = spawn(process.execPath, [FAULT_PROXY_MAIN, "--port", "0", "--seed", String(seed)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    for await (const line of createInterface({ input: child.stdout })) {
      return startedEngine("kanit", (JSON.parse(line) as { readonly url: string }).url, child);
    }
    throw new UnavailableError({
      code: "engine-ended",
      message: `Expected the fault proxy to print where it listens, but it ended: ${said.trim() || "without output"}.`,
      nextStep: `Run it manually to see why: node ${FAULT_PROXY_MAIN} --port 0`,
    });
  },
};
