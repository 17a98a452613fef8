export { coverageOptions } from "./coverage/options";
export { runCoverage } from "./coverage/run";
export { exportOptions, readOptions } from "./export/options";
export { runExport } from "./export/run";
export { initOptions } from "./init/options";
export { runInit } from "./init/run";
export { backupsPart, picturesPart } from "./landscape/page";
export { readServer, type ServerFacts } from "./landscape/read";
