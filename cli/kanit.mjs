#!/usr/bin/env node
// kanit's command line in a package, where all that is compiled lies beside this file. Plain JavaScript that every Node
// reads, so that one that is too old says what is wrong. In a checkout, ./kanit takes its place.
import * as nodeModule from "node:module";

const OLDEST = [22, 18];
const EXIT_UNAVAILABLE = 69;

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `kanit: Expected Node ${OLDEST.join(".")} or newer, got ${process.version}. Install a newer one: https://nodejs.org/en/download\n`,
  );
  process.exitCode = EXIT_UNAVAILABLE;
} else {
  // What was compiled once need not be again: half of a short command's time.
  nodeModule.enableCompileCache();
  await import("./main.js");
}
