import type { Endpoints } from "../endpoint";
import { applicationEndpoints } from "./application";
import { composeEndpoints } from "./compose";
import { deploymentEndpoints } from "./deployment";
import { dockerEndpoints } from "./docker";
import { environmentEndpoints } from "./environment";
import { projectEndpoints } from "./project";
import { settingsEndpoints } from "./settings";
import { userEndpoints } from "./user";

/** Every procedure that the emulator has. A new object is a file here and a line below. */
export const endpoints: Endpoints = {
  ...projectEndpoints,
  ...environmentEndpoints,
  ...applicationEndpoints,
  ...composeEndpoints,
  ...deploymentEndpoints,
  ...dockerEndpoints,
  ...settingsEndpoints,
  ...userEndpoints,
};
