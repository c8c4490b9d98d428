import type { parser } from "@prometheus-io/lezer-promql";

/** A node of the grammar's syntax tree. */
export type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

/** The named children of a node, comments left out. */
export function childNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "LineComment") found.push(child);
  }
  return found;
}
