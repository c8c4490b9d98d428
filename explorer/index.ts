export { subjectOf } from "./experiment/subject.ts";
export { ExplorationFolder } from "./exploration/exploration-folder.ts";
export { type ExploreEvent, explore } from "./explore.ts";
export { describeRate } from "./failure/rate.ts";
export { textOf as signatureText } from "./failure/signature.ts";
export { drawLimits } from "./plan/draw-plan.ts";
export { repeatReproduction } from "./repeat-reproduction.ts";
export { renderExploration } from "./report/render-exploration.ts";
export { parseReproduction } from "./reproduction.ts";
