import { documentFaults } from "../chaos/index.ts";
import { documentClients } from "../exchanges/index.ts";

/** A page of `docs/` that is written from the code. */
export interface GeneratedPage {
  /** From the project's root. */
  readonly path: string;
  readonly write: () => string;
}

export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { path: "docs/faults.md", write: documentFaults },
  { path: "docs/clients.md", write: documentClients },
];
