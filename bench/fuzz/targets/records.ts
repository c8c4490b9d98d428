import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type fc from "fast-check";
import {
  type Archive,
  type FiledRecord,
  JOURNAL_NAME,
  MANIFEST_NAME,
  readRecord,
  verifyJournal,
} from "../../../evidence/index.ts";
import { SCENARIO } from "../../../evidence/testing/run-record-fixture.ts";
import {
  renderBackpressureTerminal,
  renderDrillTerminal,
  renderTerminal,
  writeReport,
} from "../../../reports/index.ts";
import { SEARCH } from "../../../reports/testing/backpressure-fixture.ts";
import { DRILL } from "../../../reports/testing/drill-fixture.ts";
import { fixtureRun } from "../../../reports/testing/run-fixture.ts";
import { rebuildRun } from "../../../runs/reconstruction/rebuild-run.ts";
import { filedRun, fileRun, judgedScenario, newArchive } from "../../../runs/testing/filed-run.ts";
import { type ForgedLine, rechain } from "../../../runs/testing/forge-evidence.ts";
import { verifyRun } from "../../../runs/verification/verify-run.ts";
import { type FuzzTarget, type OpenedTarget, SHARES, target, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";

const JSON_WORDS = [...'{}[],:"'.split(""), "1", "null", "\n", '"a"'];
const JOURNAL = [
  '{"sequence":0,"at":"2026-01-01T00:00:00Z","kind":"run.started","data":{},"previous":"0"}\n',
];
const RUN = filedRun("pass", [judgedScenario("one", "fail"), judgedScenario("two", "pass")]);

/** Renders a record by everything that shows it, as `kanit report` does. */
async function render(record: FiledRecord): Promise<string> {
  const shown: string[] = [];
  const archive = {
    redact: (value: unknown) => value,
    writeRendered: (name: string, text: string) => {
      shown.push(text);
      return Promise.resolve(name);
    },
  } as unknown as Archive;
  const { errors } = await writeReport(record, archive, null);
  const [first] = errors;
  if (first !== undefined) throw first;
  return [...shown, terminalText(record)].join("\n");
}

function terminalText(record: FiledRecord): string {
  const options = { color: true, columns: 100, reportPath: "index.html" };
  switch (record.schema) {
    case "kanit.run/3":
      return renderTerminal(record, options);
    case "kanit.drill/3":
      return renderDrillTerminal(record, options);
    case "kanit.backpressure/2":
      return renderBackpressureTerminal(record, options);
  }
}

/** Evidence that somebody edited, and records that another program wrote. */
export async function recordTargets(folder: string): Promise<readonly FuzzTarget[]> {
  const run = await filedIn(folder);
  const read = async (text: string) => await render(await readRecord(written(folder, "record.json", text)));
  return [
    target("record-text", textsNear(JSON_WORDS, [JSON.stringify(RUN)]), read),
    target("record-run", shapesOf({ ...RUN, scenarios: [SCENARIO] }, fixtureRun(1)), read),
    target("record-drill", shapesOf(DRILL), read),
    target("record-backpressure", shapesOf(SEARCH), read),
    target("journal-text", textsNear(JSON_WORDS, JOURNAL), (text) =>
      verifyJournal(written(folder, JOURNAL_NAME, text)),
    ),
    fileTarget("journal-lines", shapesOf(linesOf(run)), (text) => {
      rechained(run, text);
      return readEvidence(run);
    }),
    fileTarget("manifest", shapesOf(JSON.parse(readFileSync(join(run, MANIFEST_NAME), "utf8"))), (text) => {
      writeFileSync(join(run, MANIFEST_NAME), text);
      return readEvidence(run);
    }),
    fileTarget("record-filed", shapesOf(RUN), (text) => {
      writeFileSync(join(run, "run.json"), text);
      return readEvidence(run);
    }),
  ];
}

function fileTarget(name: string, inputs: fc.Arbitrary<string>, read: OpenedTarget["read"]): FuzzTarget {
  return { ...target(name, inputs, read), share: SHARES.files };
}

function written(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function filedIn(folder: string): Promise<string> {
  const { folder: run } = await fileRun(await newArchive(folder), RUN);
  return run;
}

function linesOf(run: string): readonly ForgedLine[] {
  const texts = readFileSync(join(run, JOURNAL_NAME), "utf8").trimEnd().split("\n");
  return texts.map((text) => {
    const { kind, data } = JSON.parse(text) as ForgedLine;
    return { kind, data };
  });
}

/** Writes a journal of these lines whose chain is whole, so that what is read is what they say. */
function rechained(run: string, text: string): void {
  try {
    const forged = JSON.parse(text) as ForgedLine[];
    writeFileSync(join(run, JOURNAL_NAME), "{}\n");
    rechain(run, () => forged);
  } catch {
    // No list of lines: then the text itself is the journal.
    writeFileSync(join(run, JOURNAL_NAME), text);
  }
}

/** What `kanit verify` and `kanit report` show of a run that has no record, or has one. */
async function readEvidence(run: string): Promise<string> {
  const findings = await verifyRun(run, null);
  const { record, problems } = await rebuildRun(run);
  return [...findings.map(({ line }) => line), ...problems, await render(record)].join("\n");
}
