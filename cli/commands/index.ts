import type { Commands } from "../terminal";
import { approveCheckCommand } from "./approve-check";
import { coverageCommand } from "./coverage";
import { emulatorCommand } from "./emulator";
import { envCommands } from "./env";
import { exportCommand } from "./export";
import { planSummaryCommand } from "./plan-summary";
import { previewEnvCommands } from "./preview-env";
import { promoteCommand } from "./promote";
import { rollbackCommand } from "./rollback";

/** All commands by name. A new one is a file here and a line below. */
export const commands: Commands = {
  "approve-check": approveCheckCommand,
  coverage: coverageCommand,
  emulator: emulatorCommand,
  env: envCommands,
  export: exportCommand,
  "plan-summary": planSummaryCommand,
  "preview-env": previewEnvCommands,
  promote: promoteCommand,
  rollback: rollbackCommand,
};
