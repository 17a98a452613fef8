import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../provider/dokploy/endpoints";

const withoutStack = {};

/** What stands for this run of a program: a process may run several, each with settings of its own. */
export function currentRun(): object {
  return pulumi.runtime.getStackResource() ?? withoutStack;
}

const connections = new WeakMap<object, Api>();

/**
 * What a program itself asks Dokploy with, made with the stack's settings at its first use. The client is loaded only
 * then, so that a program starts fast.
 *
 * @throws SettingsError when a setting is missing or malformed
 */
export function connection(): Api {
  const run = currentRun();
  const known = connections.get(run);
  if (known) return known;
  const { DokployClient } =
    require("../provider/dokploy/client") as typeof import("../provider/dokploy/client");
  const { readSettings } =
    require("../provider/dokploy/settings") as typeof import("../provider/dokploy/settings");
  const made = new DokployClient(
    readSettings((key) => pulumi.runtime.getConfig(`dokploy:${key}`), process.env),
  );
  connections.set(run, made);
  return made;
}
