export { readYaml } from "./yaml-source.ts";
