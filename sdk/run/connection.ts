import * as pulumi from "@pulumi/pulumi";
import { type Api, DokployClient, readSettings, type Sources } from "../../provider/dokploy";
import { currentRun, rememberedBy } from "./current-run";
import { notedSecrets } from "./hidden";

const connectionOf = rememberedBy(() => connect(stackSources()));

/**
 * Returns the connection of a program to Dokploy, which is created with the stack's settings at its first use. The
 * client is loaded only then, so that a program starts fast.
 *
 * @throws SettingsError when a setting is missing or malformed
 */
export function connection(): Api {
  return connectionOf(currentRun());
}

/** @throws SettingsError when a setting is missing or malformed */
export function connect(sources: Sources): Api {
  const secrets = { learned: () => undefined, all: notedSecrets, isOpen: () => false };
  return new DokployClient(readSettings(sources), { secrets });
}

/** Returns the sources of the stack's own settings. */
export function stackSources(): Sources {
  return {
    stack: (name) => pulumi.runtime.getConfig(`dokploy:${name}`),
    environment: process.env,
  };
}
