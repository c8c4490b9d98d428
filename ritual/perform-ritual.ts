import { z } from "zod";
import { mergeVerdicts, type Verdict } from "../core/index.ts";
import {
  approveRelease,
  completenessFindings,
  type FileToFile,
  fileForRelease,
  type ReleasesOptions,
  readEvidence,
  readReleaseJournal,
  sealArchive,
} from "../releases/index.ts";
import { GOLDEN_SIGNALS } from "../signals/index.ts";
import type { StatementSigner } from "../signatures/index.ts";
import { sourceState } from "../statements/index.ts";
import { type Outcome, observeRelease, orWhy, provenanceOutcome, sbomOutcome } from "./build-outcomes.ts";
import { type Condition, goNoGoText, planText, type ReleaseIdentity, tagText } from "./ritual-texts.ts";

/** A file that a gate leaves shows that it ran; its record says whether it passed. */
const GATES_OF_A_GO = ["blind-spots", "preflight", "blast", "red-team", "artifacts"] as const;

export interface RitualOptions {
  readonly release: string;
  readonly releases: ReleasesOptions;
  /** The repository under release. */
  readonly directory: string;
  /** What was built elsewhere; empty: the ritual runs `npm pack`. */
  readonly artifacts: readonly string[];
  /** The first is whoever deploys. */
  readonly signers: readonly [StatementSigner, ...StatementSigner[]];
  readonly user: string;
  readonly command: string;
  /** The names of the triggers that roll back. */
  readonly triggers: readonly string[];
  /** Runs a gate and files it; null for a gate that there is not. */
  readonly runGate: (name: "blind-spots" | "preflight") => Promise<Verdict> | null;
  readonly onStep: (step: RitualStep) => void;
  readonly signal: AbortSignal;
}

/** One file of the ritual, and how it went. */
export interface RitualStep {
  readonly name: string;
  readonly verdict: Verdict;
  readonly why: string;
  readonly tookMs: number;
}

/** A ritual that ended. */
export interface PerformedRitual {
  readonly decision: "GO" | "NO-GO";
  readonly verdict: Verdict;
  readonly steps: readonly RitualStep[];
  readonly folder: string;
  /** The digest of the last seal, to be kept elsewhere. */
  readonly head: string;
}

/** Performs the green button ritual. */
export async function performRitual(options: RitualOptions): Promise<PerformedRitual> {
  return new Ritual(options).perform();
}

class Ritual {
  readonly #options: RitualOptions;
  readonly #steps: RitualStep[] = [];
  #folder = "";
  #commit: string | null = null;

  constructor(options: RitualOptions) {
    this.#options = options;
  }

  /**
   * Tag, bill of materials, provenance, blind spots, baseline and plan; then the seal, the signatures over it, the
   * decision, and the seal of these. A ritual of a release that is sealed begins the next archive, which names the one
   * before it.
   */
  async perform(): Promise<PerformedRitual> {
    const { release, releases, directory, signal } = this.#options;
    const source = await sourceState(directory, signal);
    this.#commit = source.commit;
    const at = new Date(releases.clock.nowMs()).toISOString();
    const identity = (follows: ReleaseIdentity["follows"]) => ({
      release,
      user: this.#options.user,
      at,
      source,
      follows,
    });
    await this.#step("release_tag.txt", async () => ({
      ...tagOutcome(source),
      text: tagText(identity(null)),
    }));
    const follows = (await readReleaseJournal(this.#folder)).created?.follows ?? null;
    if (follows !== null) await this.#file("release_tag.txt", tagText(identity(follows)), []);
    await this.#materials();
    await this.#gateFile(`blind_spots_scan_${release}.txt`, "blind-spots");
    await this.#baseline();
    await this.#step(`canary_plan_${release}.txt`, async () => ({
      ...{ verdict: "pass", why: "5 stages" },
      text: planText(release, GOLDEN_SIGNALS, this.#options.triggers),
    }));
    return this.#decide(identity(follows));
  }

  async #materials(): Promise<void> {
    const { release, directory, artifacts, releases, signal } = this.#options;
    const build = await observeRelease({ directory, artifacts, signal, clock: releases.clock });
    await this.#step(`sbom_${release}.json`, () => sbomOutcome(directory, build, signal));
    await this.#step(`build_provenance_${release}.json`, async () => provenanceOutcome(build));
  }

  /** A file that a gate leaves: the one that is filed, or that of a gate that is run now. */
  async #gateFile(name: string, gate: "blind-spots" | "preflight"): Promise<void> {
    const { release, releases, runGate } = this.#options;
    await this.#step(name, async () => {
      const filed = await readEvidence(releases.root, release, name);
      if (filed !== null && filed.commit === this.#commit) {
        const { verdict, why } = await this.#gateCondition(gate);
        return { verdict, why: `filed before: ${why}`, text: null };
      }
      const run = runGate(gate);
      if (run === null) {
        const why = `not run: there is no gate ${gate}`;
        return { verdict: "inconclusive", why, text: `NOT RUN: there is no gate ${gate}\n` };
      }
      const verdict = await run;
      const isThere = (await readEvidence(releases.root, release, name)) !== null;
      return { verdict, why: `${gate}: ${verdict}`, text: isThere ? null : `${gate}: ${verdict}\n` };
    });
  }

  /** What a gate found for this commit, by the record that it filed last. */
  async #gateCondition(gate: string): Promise<Condition> {
    const { release, releases } = this.#options;
    const filed = await readEvidence(releases.root, release, `gate_${gate}.json`);
    const name = `gate ${gate}`;
    if (filed === null) return { name, verdict: "inconclusive", why: "not run" };
    const record = gateRecordIn(filed.text);
    if (record === null) return { name, verdict: "inconclusive", why: "its record cannot be read" };
    if (record.commit !== this.#commit) {
      return { name, verdict: "inconclusive", why: `run for commit ${record.commit ?? "unknown"}` };
    }
    const where = record.targetKind === "lab" ? ", a rehearsal in a lab" : "";
    return { name, verdict: record.verdict, why: `${record.verdict}${where}` };
  }

  async #baseline(): Promise<void> {
    const { release, releases } = this.#options;
    await this.#step(`baseline_metrics_${release}.txt`, async () => {
      const read = () => readEvidence(releases.root, release, `baseline_summary_${release}.txt`);
      let summary = await read();
      if (summary === null || summary.commit !== this.#commit) {
        await this.#options.runGate("preflight");
        summary = await read();
      }
      if (summary === null)
        return { verdict: "inconclusive", why: "no metrics were read", text: "NOT MEASURED\n" };
      const { target, atMs, text, sha256 } = summary;
      const heading = `Metrics of ${target} before the deployment of ${release}, ${new Date(atMs).toISOString()}\n\n`;
      const madeFrom = [{ name: `baseline_summary_${release}.txt`, sha256 }];
      return { verdict: "pass", why: target, text: `${heading}${text}`, madeFrom };
    });
  }

  async #decide(identity: ReleaseIdentity): Promise<PerformedRitual> {
    const { release, releases, signers } = this.#options;
    const name = `go_nogo_signed_${release}.txt`;
    const first = await this.#seal();
    const conditions = [
      ...this.#steps.map(conditionOf),
      ...(await Promise.all(GATES_OF_A_GO.map((gate) => this.#gateCondition(gate)))),
      ...(await this.#evidenceConditions(name)),
    ];
    const isReady = conditions.every(({ verdict }) => verdict === "pass");
    const signed: string[] = [];
    for (const [index, signer] of signers.entries()) {
      const role = index === 0 ? "deployer" : "reviewer";
      const decision = isReady ? "GO" : "NO-GO";
      const command = this.#options.command;
      await approveRelease({ ...releases, folder: this.#folder, release, decision, role, signer, command });
      signed.push(`${decision}  key ${signer.keyId}  ${role}`);
    }
    const people = new Set(signers.map(({ keyId }) => keyId)).size;
    const signatures: Condition = {
      name: "signatures",
      verdict: people >= 2 ? "pass" : "inconclusive",
      why: `${people} of 2 keys; whose they are, \`kanit evidence verify --keys\` says`,
    };
    const decision = isReady && people >= 2 ? "GO" : "NO-GO";
    await this.#step(name, async () => ({
      verdict:
        decision === "GO" ? "pass" : mergeVerdicts([...conditions, signatures].map(({ verdict }) => verdict)),
      why: decision,
      text: goNoGoText(identity, [...conditions, signatures], decision, first.manifestSha256, signed),
      madeFrom: [{ name: "manifest-sha256.txt", sha256: first.manifestSha256 }],
    }));
    const last = await this.#seal();
    return {
      decision,
      verdict: mergeVerdicts(this.#steps.map(({ verdict }) => verdict)),
      steps: this.#steps,
      folder: this.#folder,
      head: last.bundleSha256,
    };
  }

  /** What the list of evidence asks for besides the decision itself. */
  async #evidenceConditions(decisionName: string): Promise<readonly Condition[]> {
    const journal = await readReleaseJournal(this.#folder);
    const findings = completenessFindings(journal, "before", this.#options.releases.clock.nowMs());
    const lacking = findings.filter(
      ({ verdict, line }) => verdict === "fail" && !line.startsWith(decisionName),
    );
    if (lacking.length === 0) {
      return [{ name: "list of evidence", verdict: "pass", why: "all that is due before a deployment" }];
    }
    return lacking.map(({ line }) => ({ name: "list of evidence", verdict: "inconclusive", why: line }));
  }

  async #seal() {
    const { release, signers, releases } = this.#options;
    const [signer] = signers;
    return sealArchive({ folder: this.#folder, release, stage: "before", signer, clock: releases.clock });
  }

  async #step(name: string, act: () => Promise<Outcome>): Promise<void> {
    const { releases, onStep } = this.#options;
    this.#options.signal.throwIfAborted();
    const beganMs = releases.clock.nowMs();
    const outcome = await orWhy(act);
    const { verdict, why, text, madeFrom } = outcome;
    if (text !== null) await this.#file(name, text, madeFrom ?? []);
    const step = { name, verdict, why, tookMs: releases.clock.nowMs() - beganMs };
    this.#steps.push(step);
    onStep(step);
  }

  async #file(path: string, text: string, madeFrom: FileToFile["madeFrom"]): Promise<void> {
    const { release, releases, command } = this.#options;
    const content = { kind: "text", text } as const;
    const file = { path, kind: "ritual", content, atMs: releases.clock.nowMs(), command, madeFrom };
    const filing = { command, commit: this.#commit, target: null, files: [file] };
    this.#folder = (await fileForRelease(releases, release, filing)).folder;
  }
}

function tagOutcome({
  commit,
  isClean,
}: {
  readonly commit: string | null;
  readonly isClean: boolean | null;
}) {
  if (commit === null) return { verdict: "inconclusive", why: "no commit" } as const;
  if (isClean !== true)
    return { verdict: "fail", why: `${commit.slice(0, 12)}, but files differ from it` } as const;
  return { verdict: "pass", why: commit.slice(0, 12) } as const;
}

function conditionOf({ name, verdict, why }: RitualStep): Condition {
  return { name, verdict, why };
}

const gateRecordShape = z.object({
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  commit: z.string().nullable(),
  targetKind: z.string(),
});

function gateRecordIn(text: string): z.infer<typeof gateRecordShape> | null {
  try {
    return gateRecordShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: the condition says that it cannot be read.
    return null;
  }
}
