import { chmodSync, linkSync } from "node:fs";
import type { Tamper } from "./tamper.ts";

/** What leaves open whether something was changed. */
export const UNCLEAR_FOLDERS: readonly Tamper[] = [
  {
    name: "a hard link to a file, from outside",
    tamper: (run) => linkSync(run.at("run.json"), run.outside("other-name")),
    says: /^inconclusive: run.json: is also known by 1 other name/m,
  },
  {
    name: "a file that anybody may write",
    tamper: (run) => chmodSync(run.at("run.json"), 0o666),
    says: /^inconclusive: run.json: has mode 0666/m,
  },
  {
    name: "a file that runs as its owner",
    tamper: (run) => chmodSync(run.at("logs/platform.log"), 0o4600),
    says: /^inconclusive: logs\/platform.log: has mode 4600/m,
  },
  {
    name: "a file that is a program",
    tamper: (run) => chmodSync(run.at("summary.md"), 0o700),
    says: /^inconclusive: summary.md: has mode 0700/m,
  },
  {
    name: "a folder that anybody may write",
    tamper: (run) => chmodSync(run.at("logs"), 0o777),
    says: /^inconclusive: logs: has mode 0777/m,
  },
  {
    name: "the run's own folder made so",
    tamper: (run) => chmodSync(run.folder, 0o777),
    says: /^inconclusive: "the folder": has mode 0777/m,
  },
];
