import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const MODULE = "github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0";
/** A first build downloads and compiles some hundred packages; later ones come from Go's own cache. */
const BUILD_TIMEOUT_MS = 300_000;

/** Shopify's server as a program, or why there is none. It is removed when disposed of. */
export type ToxiproxyProgram = AsyncDisposable &
  (
    | { readonly kind: "installed"; readonly path: string }
    | { readonly kind: "missing"; readonly why: string }
  );

/** Builds Shopify's server with the machine's own Go. Never throws: where that fails it says why. */
export async function installToxiproxy(): Promise<ToxiproxyProgram> {
  const directory = await mkdtemp(join(tmpdir(), "kanit-bench-"));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    await promisify(execFile)("go", ["install", MODULE], {
      env: { ...process.env, GOBIN: directory },
      timeout: BUILD_TIMEOUT_MS,
    });
    return { kind: "installed", path: join(directory, "server"), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: "missing", why, [Symbol.asyncDispose]: dispose };
  }
}
