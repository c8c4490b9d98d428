import type { PoolMode } from "../../definition/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import type { Artifact } from "../artifacts/artifact.ts";
import type { KillSwitchPart } from "../kill-switch/kill-switch-part.ts";
import type { OldCodePart } from "../old-code/old-code-part.ts";
import type { CanaryPart } from "../rollback/canary-part.ts";

/** What of a release may be there to be examined, by the names of `release.yml`. */
export interface TargetParts {
  /** The platform's address. */
  readonly url: URL;
  readonly metrics: URL;
  readonly health: URL;
  /** Postgres itself, with credentials. */
  readonly database: string;
  /** pgBouncer's admin console, with credentials, and the mode that the platform relies on. */
  readonly pgbouncer: { readonly console: string; readonly poolMode: PoolMode };
  /** A Prometheus, the jobs that it must scrape, and the file of the triggers that it must have; null: kanit's own. */
  readonly prometheus: {
    readonly url: string;
    readonly targets: readonly string[];
    readonly rules: string | null;
  };
  readonly alertmanager: string;
  /** The folder of the migrations. */
  readonly migrations: string;
  readonly repository: RepositoryPart;
  readonly features: { readonly url: URL; readonly defaults: Readonly<Record<string, boolean>> };
  /** By venue: the address that answers with its time. */
  readonly venueClocks: Readonly<Record<string, string>>;
  /** By venue: the address that answers with its symbols and their status. */
  readonly venueMarkets: Readonly<Record<string, string>>;
  /** By venue: the WebSocket of its public feed. */
  readonly venueStreams: Readonly<Record<string, string>>;
  /** A lab for experiments that write: nothing of it is real. */
  readonly lab: LabAddresses;
  /** The folder in which the artifacts of the deployment index are, and which. */
  readonly artifacts: { readonly directory: string; readonly table: readonly Artifact[] };
  /** The platform's logs: files, and folders of `*.log`. */
  readonly logs: readonly string[];
  /** The two versions between which requests are divided. */
  readonly canary: CanaryPart;
  /** A lab with two versions, whose trading may be stopped. */
  readonly killSwitch: KillSwitchPart;
  /** The version before, on the database of the new one: a lab. */
  readonly oldCode: OldCodePart;
  /** What is filed of the release. */
  readonly evidence: FiledOfRelease;
  /** What people have signed, as it was verified with keys from elsewhere. */
  readonly approvals: () => Promise<PeoplesDecision>;
}

/** A file that is filed of a release. */
interface FiledText {
  readonly text: string;
  readonly commit: string | null;
  readonly target: string;
  readonly atMs: number;
}

/** Reads the newest file of a name; null where there is none, or where it is not as it was filed. */
export type FiledOfRelease = (name: string) => Promise<FiledText | null>;

/** Whether people released it, and one sentence why. */
interface PeoplesDecision {
  readonly isGo: boolean;
  readonly why: string;
}

/** The repository that is released. */
interface RepositoryPart {
  readonly directory: string;
  /** A rehearsal in a lab needs no tag, since it releases nothing. */
  readonly tag: "required" | "not-needed";
}

export type TargetField = keyof TargetParts;

/** What a gate examines. */
export interface Target {
  readonly release: string;
  /** Where it runs, as it may be shown: `https://spark.example.com`, `lab 4f2a`. */
  readonly name: string;
  /** A lab is a rehearsal: what passes there releases nothing by itself. */
  readonly kind: "release-file" | "lab";
  readonly deployer: string;
  /** Where the public keys of those who may sign are. */
  readonly keyPaths: readonly string[];
  /** Hosts besides this machine that may be asked. */
  readonly allowedHosts: readonly string[];
  readonly parts: { readonly [Field in TargetField]: TargetParts[Field] | null };
}

/** The commit that is released, read once for the whole gate. */
export interface Commit {
  readonly sha: string;
  readonly committedAtMs: number;
}

/** A target of which nothing is there. */
export const NO_PARTS: Target["parts"] = {
  url: null,
  metrics: null,
  health: null,
  database: null,
  pgbouncer: null,
  prometheus: null,
  alertmanager: null,
  migrations: null,
  repository: null,
  features: null,
  venueClocks: null,
  lab: null,
  venueMarkets: null,
  venueStreams: null,
  artifacts: null,
  logs: null,
  canary: null,
  killSwitch: null,
  oldCode: null,
  evidence: null,
  approvals: null,
};
