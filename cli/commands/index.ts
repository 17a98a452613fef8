import type { Commands } from "../terminal";
import { adoptCommand } from "./adopt";
import { approveCheckCommand } from "./approve-check";
import { ciCommands } from "./ci";
import { coverageCommand } from "./coverage";
import { emulatorCommand } from "./emulator";
import { envCommands } from "./env";
import { exportCommand } from "./export";
import { initCommand } from "./init";
import { logsCommand } from "./logs";
import { openCommand } from "./open";
import { planSummaryCommand } from "./plan-summary";
import { previewEnvCommands } from "./preview-env";
import { promoteCommand } from "./promote";
import { reportCommand } from "./report";
import { rollbackCommand } from "./rollback";
import { statusCommand } from "./status";

export { livePage } from "./live-page";
export { runReport } from "./report";

/** All commands by name. A new one is a file here and a line below. */
export const commands: Commands = {
  adopt: adoptCommand,
  "approve-check": approveCheckCommand,
  ci: ciCommands,
  coverage: coverageCommand,
  emulator: emulatorCommand,
  env: envCommands,
  export: exportCommand,
  init: initCommand,
  logs: logsCommand,
  open: openCommand,
  "plan-summary": planSummaryCommand,
  "preview-env": previewEnvCommands,
  promote: promoteCommand,
  report: reportCommand,
  rollback: rollbackCommand,
  status: statusCommand,
};
