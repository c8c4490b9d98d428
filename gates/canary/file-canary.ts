import { KanitError } from "../../core/index.ts";
import { PAGE_NAME } from "../engine/filing.ts";
import type { CanaryLog } from "./canary-log.ts";
import type { CanarySetup } from "./canary-setup.ts";
import { stageText } from "./canary-texts.ts";

/** The kind of evidence of a canary. */
const KIND = "gate.canary";

/** Files the plan, the verdicts of each stage, the record and the page. */
export async function fileCanary(
  { filing, release, command, renderPage }: CanarySetup,
  log: CanaryLog,
  planLines: readonly string[],
): Promise<void> {
  await tryToFile(log, async () => {
    const plan = `${planLines.join("\n")}\n`;
    await filing.file({ name: `canary_plan_${release}.txt`, kind: `${KIND}.plan`, text: plan, command });
    for (const stage of log.stages) {
      const text = stageText(log.record(), stage);
      await filing.file({ name: `canary_stage_${stage.name}.txt`, kind: `${KIND}.stage`, text, command });
    }
    const json = `${JSON.stringify(log.record(), null, 2)}\n`;
    await filing.file({ name: "canary.json", kind: `${KIND}.record`, text: json, command });
    await filing.file({ name: PAGE_NAME, kind: `${KIND}.page`, text: renderPage(log.record()), command });
  });
  const { verdict, problems } = log.record();
  await tryToFile(log, () => filing.end({ verdict, problems }));
}

/** Evidence that cannot be written is a problem of the canary, told once, and not an end without a verdict. */
export async function tryToFile(log: CanaryLog, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    log.addProblem(`${error.message} ${error.nextStep}`);
  }
}
