import type { Endpoints } from "../endpoint";
import { applicationEndpoints } from "./application";
import { composeEndpoints } from "./compose";
import { databaseEndpoints } from "./database";
import { deploymentEndpoints } from "./deployment";
import { destinationEndpoints } from "./destination";
import { dockerEndpoints } from "./docker";
import { environmentEndpoints } from "./environment";
import { machineEndpoints } from "./machines";
import { projectEndpoints } from "./project";
import { projectTagEndpoints } from "./project-tags";
import { serverEndpoints } from "./server";
import { settingsEndpoints } from "./settings";
import { simpleEndpoints } from "./simple";
import { userEndpoints } from "./user";
import { vaultProviderEndpoints } from "./vault-provider";
import { webServerEndpoints } from "./web-server";

/** Every procedure that the emulator has. A new object is a row in `simple-rows.ts`, or a file and a line here. */
export const endpoints: Endpoints = {
  ...projectEndpoints,
  ...projectTagEndpoints,
  ...environmentEndpoints,
  ...applicationEndpoints,
  ...composeEndpoints,
  ...databaseEndpoints,
  ...deploymentEndpoints,
  ...dockerEndpoints,
  ...machineEndpoints,
  ...serverEndpoints,
  ...settingsEndpoints,
  ...userEndpoints,
  ...simpleEndpoints,
  ...vaultProviderEndpoints(simpleEndpoints),
  ...destinationEndpoints,
  ...webServerEndpoints,
};
