import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const COMMAND_LINE = fileURLToPath(new URL("main.ts", import.meta.url));

it("a reader that closes its end is not an error", async () => {
  const child = spawn(process.execPath, [COMMAND_LINE, "list"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(said).toBe("");
});
