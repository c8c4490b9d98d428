import { edit, type ForgedLine, rechain, rehashManifest, restate } from "../forge-evidence.ts";
import type { Tamper, TamperedRun } from "./tamper.ts";

const turnRecord = ({ folder }: TamperedRun) =>
  edit(folder, "run.json", /"verdict": "fail"/g, '"verdict": "pass"');
const edited = (lines: ForgedLine[], kind: string, change: (data: ForgedLine["data"]) => void) => {
  for (const line of lines) if (line.kind === kind) change(line.data);
  return lines;
};

/** Forgers who make more and more agree with the verdict that they want. */
export const FORGED_VERDICTS: readonly Tamper[] = [
  { name: "the record's verdict turned", tamper: turnRecord, says: /^fail: run.json: was changed: SHA-256/m },
  {
    name: "… and the manifest rehashed",
    tamper: (run) => {
      turnRecord(run);
      rehashManifest(run.folder);
    },
    says: /^fail: manifest.json: has SHA-256 \w{64}, the journal states \w{64}/m,
  },
  {
    name: "… and the journal's last line made to state that manifest",
    tamper: (run) => {
      turnRecord(run);
      restate(run.folder);
    },
    says: /^fail: run.json: says pass, the journal ends with fail/m,
  },
  {
    name: "… and a pass in the last line",
    tamper: (run) => {
      turnRecord(run);
      restate(run.folder, { verdict: "pass" });
    },
    says: /^fail: run.json: verdict is "pass", the journal has "fail"/m,
  },
  {
    name: "… and in each line with the run's verdict",
    tamper: (run) => {
      turnRecord(run);
      rechain(run.folder, (lines) =>
        edited(lines, "run.ended", (data) => Object.assign(data, { verdict: "pass" })),
      );
      restate(run.folder, { verdict: "pass" });
    },
    says: /^fail: run.json: scenarios.0.verdict is "pass", the journal has "fail"/m,
  },
  {
    name: "only the run's own verdict turned, everywhere",
    tamper: (run) => {
      edit(run.folder, "run.json", /"verdict": "fail"(?=,\s+"environment")/, '"verdict": "pass"');
      rechain(run.folder, (lines) =>
        edited(lines, "run.ended", (data) => Object.assign(data, { verdict: "pass" })),
      );
      restate(run.folder, { verdict: "pass" });
    },
    says: /^fail: run.json: says pass, and what it holds adds up to fail/m,
  },
  {
    name: "a check's figure changed in the record, all hashed anew",
    tamper: (run) => {
      edit(run.folder, "run.json", '"received": "2"', '"received": "1"');
      restate(run.folder);
    },
    says: /^fail: run.json: scenarios.0.checks.0.received is "1", the journal has "2"/m,
  },
  {
    name: "the page's verdict turned, all hashed anew",
    tamper: (run) => {
      edit(run.folder, "index.html", '<span id="verdict">FAIL<', '<span id="verdict">PASS<');
      restate(run.folder);
    },
    says: /^fail: index.html: says pass, the record says fail/m,
  },
  {
    name: "the record that the page embeds turned, all hashed anew",
    tamper: (run) => {
      edit(run.folder, "index.html", '"received":"2"', '"received":"1"');
      restate(run.folder);
    },
    says: /^fail: index.html: does not embed the record of the folder/m,
  },
  {
    name: "the summary's verdict turned, all hashed anew",
    tamper: (run) => {
      edit(run.folder, "summary.md", " FAIL: ", " PASS: ");
      restate(run.folder);
    },
    says: /^fail: summary.md: says pass, the record says fail/m,
  },
  {
    name: "a failure taken out of JUnit, all hashed anew",
    tamper: (run) => {
      edit(run.folder, "junit.xml", /<failure [\s\S]*?<\/failure>/, "");
      restate(run.folder);
    },
    says: /^fail: junit.xml: counts 2 failures, and has 1/m,
  },
  {
    name: "JUnit without any failure, all hashed anew",
    tamper: (run) => {
      edit(run.folder, "junit.xml", /<failure [\s\S]*?<\/failure>/g, "");
      edit(run.folder, "junit.xml", /failures="\d"/g, 'failures="0"');
      restate(run.folder);
    },
    says: /^fail: junit.xml: says pass, the record says fail/m,
  },
];
