import { documentDriver } from "../api/index.ts";
import { documentFaults } from "../chaos/index.ts";
import { documentDefinition } from "../definition/index.ts";
import { documentClients, documentEndpoints, documentMisbehaviors } from "../exchanges/index.ts";
import { releaseDocuments } from "../gates/index.ts";
import { writeComposeFile, writeLinks } from "../lab/index.ts";
import { documentMetrics } from "../signals/index.ts";
import { documentVenues } from "../venues/index.ts";
import { documentApi } from "./document-api.ts";

/** A file that is generated from the code, as a whole or in marked parts. */
export interface GeneratedPage {
  /** From the project's root. */
  readonly path: string;
  /** Returns the file's correct content, given its current content. */
  readonly write: (current: string) => string;
}

export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { path: "docs/api.md", write: documentApi },
  { path: "docs/driver.md", write: documentDriver },
  { path: "docs/own-platform.md", write: documentDefinition },
  { path: "docs/faults.md", write: documentFaults },
  { path: "docs/binance-endpoints.md", write: documentEndpoints },
  { path: "docs/clients.md", write: documentClients },
  { path: "docs/misbehaviors.md", write: documentMisbehaviors },
  { path: "docs/venues.md", write: documentVenues },
  { path: "docs/metrics.md", write: documentMetrics },
  ...releaseDocuments().map(({ path, text }) => ({ path, write: () => text })),
  { path: "docker/links.json", write: writeLinks },
  { path: "docker-compose.yml", write: writeComposeFile },
];
