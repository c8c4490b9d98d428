import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const COMMAND_LINE = fileURLToPath(new URL("main.ts", import.meta.url));

async function listTo(output: "pipe" | number, act: (child: ReturnType<typeof spawn>) => void) {
  const child = spawn(process.execPath, [COMMAND_LINE, "list"], { stdio: ["ignore", output, "pipe"] });
  act(child);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  return { code, said };
}

it("a reader that closes its end is not an error", async () => {
  expect(await listTo("pipe", ({ stdout }) => stdout?.destroy())).toEqual({ code: 0, said: "" });
});

it.runIf(process.platform === "linux")("an output that is lost is told, and never a success", async () => {
  const full = openSync("/dev/full", "w");
  const { code, said } = await listTo(full, () => closeSync(full));
  expect(code).toBe(69);
  expect(said).toMatch(/^kanit: Expected to write the standard output, got: ENOSPC[^\n]*\n$/);
});
