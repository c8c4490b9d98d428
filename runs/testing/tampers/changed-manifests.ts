import { rmSync, symlinkSync, truncateSync } from "node:fs";
import { edit, rechain, restate } from "../forge-evidence.ts";
import type { Tamper } from "./tamper.ts";

/** What was done to the manifest. */
export const CHANGED_MANIFESTS: readonly Tamper[] = [
  {
    name: "the manifest removed",
    tamper: (run) => rmSync(run.at("manifest.json")),
    says: /^fail: manifest.json: is missing/m,
  },
  {
    name: "the manifest replaced by a link",
    tamper: (run) => run.replaceBy("manifest.json", (path) => symlinkSync(run.outside("moved"), path)),
    says: /^fail: manifest.json: is a symbolic link, not a file/m,
  },
  {
    name: "a file left out of the manifest, and removed",
    tamper: (run) => {
      edit(run.folder, "manifest.json", /\{\s+"path": "logs\/platform.log",[^}]*\},\s+/, "");
      rmSync(run.at("logs"), { recursive: true });
      restate(run.folder, { manifest: "f".repeat(64) });
    },
    says: /^fail: manifest.json: has SHA-256/m,
  },
  {
    name: "a file stated twice",
    tamper: (run) => {
      edit(run.folder, "manifest.json", /(\{\s+"path": "summary.md",[^}]*\})/, "$1, $1");
      restate(run.folder);
    },
    says: /^fail: manifest.json: states summary.md twice/m,
  },
  {
    name: "a manifest that is no JSON",
    tamper: (run) => truncateSync(run.at("manifest.json"), 30),
    says: /^fail: manifest.json: is no JSON/m,
  },
  {
    name: "a manifest that leads out of the folder",
    tamper: (run) => {
      edit(run.folder, "manifest.json", '"logs/platform.log"', '"../../../etc/passwd"');
      rechain(run.folder, (lines) => lines);
    },
    says: /^fail: ..\/..\/..\/etc\/passwd: is missing/m,
  },
];
