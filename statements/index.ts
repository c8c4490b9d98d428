export { makeSbom } from "./make-sbom.ts";
export { observeBuild, type SourceState, sourceState } from "./observe-build.ts";
export { provenanceOf, provenanceProblems } from "./provenance.ts";
