export { billOfMaterials, type LicenseFinding, licenseFindings, USUAL_LICENSES } from "./licenses.ts";
export { makeSbom } from "./make-sbom.ts";
export { type ObservedBuild, observeBuild, type SourceState, sourceState } from "./observe-build.ts";
export { releaseOf, sbomStatementOf, testResultOf, vulnerabilitiesOf } from "./predicates.ts";
export { provenanceOf, provenanceProblems } from "./provenance.ts";
export { scanFolder, scanShape, type TimedScan } from "./scan.ts";
export { SCANNERS } from "./scanners/scanners.ts";
