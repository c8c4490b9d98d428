import { ApiError } from "./api-error.ts";
import type { Handler, PathNames } from "./call.ts";

/**
 * The handlers of each path by method. `{proxy}`, `{toxic}` and `{lease}` in a path stand for one segment.
 */
export type Routes = ReadonlyMap<string, Readonly<Record<string, Handler>>>;

/** A path's handlers, and its values for the names. */
export interface FoundRoute {
  readonly methods: Readonly<Record<string, Handler>>;
  readonly names: PathNames;
}

const NAME = /^\{(proxy|toxic|lease)\}$/;

/**
 * The route of that path, or undefined when there is none.
 *
 * @throws ApiError 400 for a malformed percent-encoding.
 */
export function findRoute(routes: Routes, path: string): FoundRoute | undefined {
  const segments = path.split("/").map(decodeSegment);
  for (const [pattern, methods] of routes) {
    const names = matchPath(pattern.split("/"), segments);
    if (names !== undefined) return { methods, names };
  }
  return undefined;
}

function matchPath(parts: readonly string[], segments: readonly string[]): PathNames | undefined {
  if (parts.length !== segments.length) return undefined;
  const names: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    const name = NAME.exec(part)?.[1];
    if (name === undefined ? part !== segment : segment === "") return undefined;
    if (name !== undefined) names[name] = segment;
  }
  return { proxy: "", toxic: "", lease: "", ...names };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw ApiError.badBody(`path segment ${segment}: ${(error as URIError).message}`);
  }
}
