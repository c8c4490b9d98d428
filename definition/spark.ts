import { fileURLToPath } from "node:url";

/** The definition of Spark, the platform that kanit brings along and runs unless another is named. */
export const SPARK_DEFINITION: string = fileURLToPath(new URL("../platform/platform.yml", import.meta.url));
