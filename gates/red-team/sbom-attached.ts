import { createHash } from "node:crypto";
import { z } from "zod";
import { type CheckInput, defineCheck } from "../engine/check.ts";
import { readFileAtHead } from "../engine/read-commit.ts";
import type { TargetParts } from "../engine/target.ts";
import { type BillOfMaterials, readBill, shippedPackages } from "./shipped-packages.ts";
import { updatedPackage } from "./updated-package.ts";

const LOCK_FILE = "package-lock.json";
const SHOWN = 5;
const DAY_MS = 86_400_000;

const provenanceShape = z.object({
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
});

type Filed = Awaited<ReturnType<TargetParts["evidence"]>>;

/** Is the bill of materials there, and is it the one of this build? */
export const sbomAttached = defineCheck({
  id: "sbom-attached",
  title: "10. SBOM attached and of this build",
  question:
    "Is a bill of materials filed with the release, which lists exactly what the commit ships, and names what was built?",
  risk: "An audit asks what was shipped, or a vulnerability is published, and the list at hand is another build's.",
  command: `jq -r '.. | objects | select(.purl) | .purl' out/<release>/data/sbom_<release>.json | sort; git show HEAD:${LOCK_FILE} | jq -r '.packages | to_entries[] | select(.key != "" and (.value.dev | not)) | "\\(.key) \\(.value.version)"'; git show HEAD:${LOCK_FILE} | sha256sum`,
  passes: `sbom_<release>.json is filed of this commit, lists each package of the commit's ${LOCK_FILE} that is not only for development and no other, and names the digests of that file and of what build_provenance_<release>.json says was built`,
  fix: "Make both anew at this commit: kanit attest <release> --build --unsigned.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 30_000,
  maxAgeMs: DAY_MS,
  needs: ["evidence", "repository"],
  mutant: updatedPackage,
  observe: observeBill,
});

async function observeBill(
  { evidence, repository }: Pick<TargetParts, "evidence" | "repository">,
  { target, commit, clock, signal }: Parameters<CheckInput<"evidence">["observe"]>[1],
) {
  const askedMs = clock.nowMs();
  const names = {
    bill: `sbom_${target.release}.json`,
    provenance: `build_provenance_${target.release}.json`,
  };
  const [bill, provenance, lock] = await Promise.all([
    evidence(names.bill),
    evidence(names.provenance),
    readFileAtHead(repository.directory, LOCK_FILE, signal),
  ]);
  const filed = [
    { name: names.bill, file: bill },
    { name: names.provenance, file: provenance },
  ];
  const problems = filed.flatMap(({ name, file }) => filingProblems(name, file, commit?.sha ?? null));
  const listed = bill === null ? null : readBill(bill.text);
  const shipped = shippedPackages(lock);
  const built = provenance === null ? null : provenanceShape.parse(JSON.parse(provenance.text)).subject;
  const violations = [
    ...problems,
    ...(listed === null ? [] : packageProblems(listed, shipped)),
    ...(listed === null ? [] : digestProblems(listed, lock, built ?? [])),
  ];
  const packages = listed?.packages.size ?? 0;
  return {
    expected: [LOCK_FILE],
    examined: shipped.size > 0 ? [LOCK_FILE] : [],
    acts: [],
    asOfMs: Math.min(askedMs, ...filed.flatMap(({ file }) => (file === null ? [] : [file.atMs]))),
    violations,
    unclear: [],
    summary: `${packages} packages listed, ${shipped.size} shipped, ${built?.length ?? 0} files built`,
    texts: [
      [
        "10. SBOM attached and of this build",
        ...filed.map(({ name, file }) => `  ${name}: ${file === null ? "not filed" : describe(file)}`),
        `  packages: ${packages} listed, ${shipped.size} in ${LOCK_FILE} of the commit`,
        ...[...(listed?.digests ?? [])].map(([name, digest]) => `  made from: ${name} ${digest}`),
        "",
      ].join("\n"),
    ],
  };
}

function describe({ commit, atMs }: NonNullable<Filed>): string {
  return `filed ${new Date(atMs).toISOString()} of commit ${commit ?? "unknown"}`;
}

function filingProblems(name: string, file: Filed, sha: string | null): readonly string[] {
  if (file === null) return [`${name} is not filed with the release`];
  return sha === null || file.commit === sha ? [] : [`${name} is of commit ${file.commit ?? "unknown"}`];
}

function packageProblems({ packages }: BillOfMaterials, shipped: ReadonlySet<string>): readonly string[] {
  const missing = [...shipped].filter((name) => !packages.has(name));
  const extra = [...packages].filter((name) => !shipped.has(name));
  return [
    ...(missing.length > 0 ? [`the SBOM lacks ${list(missing)}`] : []),
    ...(extra.length > 0 ? [`the SBOM lists what is not shipped: ${list(extra)}`] : []),
  ];
}

function digestProblems(
  { digests }: BillOfMaterials,
  lock: string,
  built: z.infer<typeof provenanceShape>["subject"],
): readonly string[] {
  const lockDigest = createHash("sha256").update(lock).digest("hex");
  const named = (name: string, digest: string) => {
    const found = digests.get(name);
    if (found === undefined) return [`the SBOM does not name ${name}, so it says nothing of it`];
    return found === digest ? [] : [`the SBOM is of another ${name}`];
  };
  return [
    ...named(LOCK_FILE, lockDigest),
    ...built.flatMap(({ name, digest }) => named(name, digest.sha256)),
  ];
}

function list(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
