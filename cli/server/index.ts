export { coverageOptions } from "./coverage/options";
export { runCoverage } from "./coverage/run";
export { exportOptions, readOptions } from "./export/options";
export { runExport } from "./export/run";
export { scalar } from "./export/yaml";
