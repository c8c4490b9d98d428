import { installGoProgram } from "../chaos/index.ts";
import { labTemporaryDirectory, openStateDirectory } from "../lab/index.ts";
import { findK6, type K6Program } from "../load/index.ts";

/** The newest version that the Go module proxy has under a path that builds. */
const K6 = { package: "go.k6.io/k6", version: "v1.8.1" } as const;

/**
 * Returns k6 where `kanit load k6` finds it, and builds it there with the machine's own Go if it is missing.
 * A first build takes about three minutes of CPU time.
 */
export async function installK6(): Promise<K6Program | { readonly missing: string }> {
  const { cache } = await openStateDirectory(labTemporaryDirectory(process.env));
  const found = await findK6(cache).catch(() => null);
  if (found !== null) return found;
  console.log(`building ${K6.package}@${K6.version} with Go, once …`);
  const installed = await installGoProgram(K6, cache);
  return installed.kind === "missing" ? { missing: installed.why } : findK6(cache);
}
