import { basename, dirname } from "node:path";
import type { Market } from "../market.ts";
import { tapeArguments } from "../read-recording.ts";

/** Where the recordings of a market stand in the container of the stubs, and the arguments that name them there. */
interface MountedTapes {
  readonly mounts: readonly { readonly source: string; readonly target: string }[];
  readonly words: readonly string[];
}

/** Each folder with recordings is mounted once, read-only. */
export function mountedTapes(market: Market): MountedTapes {
  if (market.kind === "synthetic") return { mounts: [], words: [] };
  const folders = [...new Set([...market.paths, ...market.snapshots].map((path) => dirname(path)))];
  const within = (path: string) => `${targetOf(folders.indexOf(dirname(path)))}/${basename(path)}`;
  return {
    mounts: folders.map((source, index) => ({ source, target: targetOf(index) })),
    words: tapeArguments(market.paths.map(within), market.snapshots.map(within)),
  };
}

function targetOf(index: number): string {
  return index === 0 ? "/tape" : `/tape${index + 1}`;
}
