import type { Endpoints } from "../instance/endpoint";
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
import { scheduleEndpoints } from "./schedule";
import { serverEndpoints } from "./server";
import { settingsEndpoints } from "./settings";
import { simpleEndpoints } from "./simple";
import { userEndpoints } from "./user";
import { vaultProviderEndpoints } from "./vault-provider";
import { webServerEndpoints } from "./web-server";

const simple = { ...simpleEndpoints, ...vaultProviderEndpoints(simpleEndpoints) };

/** Every procedure of the emulator. A new object is a row in `simple-rows.ts`, or a file and a line here. */
export const endpoints: Endpoints = joined(
  projectEndpoints,
  projectTagEndpoints,
  environmentEndpoints,
  applicationEndpoints,
  composeEndpoints,
  databaseEndpoints,
  deploymentEndpoints,
  dockerEndpoints,
  machineEndpoints,
  scheduleEndpoints,
  serverEndpoints,
  settingsEndpoints,
  userEndpoints,
  simple,
  destinationEndpoints,
  webServerEndpoints,
);

/**
 * Joins the procedures of all files.
 *
 * @throws Error where two files have the same procedure: the later would hide the earlier
 */
function joined(...parts: readonly Endpoints[]): Endpoints {
  const names = parts.flatMap((part) => Object.keys(part));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`The emulator has these twice: ${twice.join(", ")}`);
  return Object.assign({}, ...parts);
}
