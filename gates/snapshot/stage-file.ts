import { mergeVerdicts, type Verdict } from "../../core/index.ts";

/** One file of a snapshot: what was read, what of it is out of order, and what could not be had. */
export interface StageFile {
  /** `rollout_stage_5.txt` */
  readonly name: string;
  readonly title: string;
  /** What was read; the empty text where nothing could be. */
  readonly body: string;
  readonly problems: readonly string[];
  readonly missing: readonly string[];
  /** What a person would paste to read the same. */
  readonly command: string;
}

/** What could not be had is never a pass. */
export function verdictOfFile({ problems, missing }: StageFile): Verdict {
  return mergeVerdicts([
    "pass",
    ...problems.map(() => "fail" as const),
    ...missing.map(() => "inconclusive" as const),
  ]);
}

/** The text that is filed: the verdict first, then what is missing, so that nobody takes a part for the whole. */
export function stageFileText(file: StageFile, heading: readonly string[]): string {
  const lines = [
    `${file.title}: ${verdictOfFile(file)}`,
    ...heading,
    `command   ${file.command}`,
    ...file.problems.map((line) => `PROBLEM   ${line}`),
    ...file.missing.map((line) => `MISSING   ${line}`),
    "",
    file.body.trimEnd(),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
