/** The target of an upgrade request: its path and its query, both still encoded. */
export interface RequestTarget {
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

/** Splits a request's target. Unlike URL it accepts whatever a client sends. */
export function splitTarget(target: string): RequestTarget {
  const mark = target.indexOf("?");
  return mark < 0
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
