import { ARTIFACTS } from "./artifacts/artifact-table.ts";
import { canaryDocument } from "./canary-document.ts";
import type { Check } from "./engine/check.ts";
import { evidenceNames } from "./engine/check.ts";
import type { Gate } from "./engine/gate.ts";
import { GATES } from "./gates.ts";
import { firstNightDocument, runOfShowDocument } from "./show-documents.ts";

/** A document in docs/release/ whose lists come from the gates. */
export interface ReleaseDocument {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

const FOLDER = "docs/release";
const GENERATED =
  "This page is generated from the code by `node project/generate-docs.ts`; [RELEASE_FILE.md](RELEASE_FILE.md) says what the checks examine.";

const GENERATED_LIST =
  "The lists on this page are generated from the code by `node project/generate-docs.ts`.";

/** The documents that people work from in a release. */
export function releaseDocuments(): readonly ReleaseDocument[] {
  return [
    { path: `${FOLDER}/ARTIFACTS.md`, text: artifactTable() },
    { path: `${FOLDER}/PREFLIGHT.md`, text: checklist("preflight", "60-second preflight", "T-10") },
    {
      path: `${FOLDER}/PRE_DEPLOYMENT_BLIND_SPOTS.md`,
      text: checklist("blind-spots", "Pre-deployment blind spots", "before T-10"),
    },
    { path: `${FOLDER}/RED_TEAM_CHECKLIST.md`, text: checklist("red-team", "Red team checklist", "T-5") },
    { path: `${FOLDER}/CANARY_DEPLOYMENT_PROTOCOL.md`, text: canaryDocument(GENERATED) },
    { path: `${FOLDER}/OLD_CODE.md`, text: checklist("old-code", "Old code on the new schema", "T-19") },
    { path: `${FOLDER}/ROLLBACK_CHECKLIST.md`, text: checklist("rollback", "Rollback rehearsal", "T-2") },
    { path: `${FOLDER}/KILL_SWITCH.md`, text: checklist("kill-switch", "Kill switch drill", "T-2") },
    { path: `${FOLDER}/GO_NO_GO_CHECKLIST.md`, text: checklist("go-no-go", "GO/NO-GO checklist", "T-2") },
    { path: `${FOLDER}/CANARY_RUN_OF_SHOW.md`, text: runOfShowDocument(GENERATED_LIST) },
    { path: `${FOLDER}/FIRST_NIGHT_MONITORING.md`, text: firstNightDocument(GENERATED_LIST) },
    { path: `${FOLDER}/VALIDATION_SIGN_OFF.md`, text: signOff() },
  ];
}

/** The checklist of a gate: each check with its risk, command, criterion, fix and evidence. */
function checklist(name: string, title: string, when: string): string {
  const gate = gateNamed(name);
  return `# ${title}

${gate.question} ${gate.checks.length} checks, at ${when}: \`kanit ${name} <release>\` runs all of them and files the evidence.
Required: ${gate.checks.length}/${gate.checks.length}. Whatever could not be found out is not passed.

${GENERATED}

${gate.checks.map(section).join("\n")}`;
}

function section(check: Check, index: number): string {
  const { title, question, risk, command, passes, fix, needs, mutant } = check;
  const files = evidenceNames(check, "<release>").map((name) => `\`${name}\``);
  // The red team's titles have the numbers of the requirement.
  const heading = title.startsWith(`${index + 1}. `) ? title : `${index + 1}. ${title}`;
  return `## ${heading}

${question}

- **Risk**: ${risk}
- **By hand**: \`\` ${command} \`\`
- **Passes when** ${passes}.
- **Fix**: ${fix}
- **Evidence**: ${files.join(", ")}
- **Needs** of the target: ${needs.length === 0 ? "nothing" : needs.map((need) => `\`${need}\``).join(", ")}
- **Seen red**: ${mutant.what}
`;
}

function artifactTable(): string {
  const rows = ARTIFACTS.map(({ number, name, places, proof }) => {
    const where = places.map((place) => `\`${place}\``).join(", ");
    const proved = proof.kind === "gate" ? `gate \`${proof.gate}\`, drilled` : `test \`${proof.path}\``;
    return `| ${number} | ${name} | ${where} | ${proved} |`;
  });
  return `# The 40 artifacts

The artifacts of the deployment index: where each of them is here, and what proves that it works. \`kanit artifacts\` looks at all of
them, and names what is missing, empty or unproved.

${GENERATED}

| | artifact | where | proved by |
|---|---|---|---|
${rows.join("\n")}
`;
}

function signOff(): string {
  const rows = GATES.map(
    ({ name, title, checks }) => `| ${title} | \`kanit ${name} <release>\` | ${checks.length} | | |`,
  );
  return `# Validation sign-off

For the people who sign. Each looks at the evidence of each gate, at one commit, and signs over the digest of all of it:
\`kanit evidence approve <release> --key <file> --role <deployer|reviewer>\`. Two people at least, and whoever deploys cannot be the only one.

${GENERATED}

| gate | command | checks | verdict | looked at by |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

function gateNamed(name: string): Gate {
  const gate = GATES.find((each) => each.name === name);
  if (gate === undefined) throw new TypeError(`Expected a gate called ${name}.`);
  return gate;
}
