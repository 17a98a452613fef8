import type { Source } from "../../sdk/files";
import { valueAt } from "../files";

/** Returns the keys in the configuration of a stack that lead to the tag of a service. */
export function tagKeys(service: string): readonly string[] {
  return ["config", "dokploy:imageTags", service];
}

/** Reads the tag of a service in the configuration of a stack: its own, or else the one for all services. */
export function configuredTag(configuration: Source, service: string): string | undefined {
  return valueAt(configuration, tagKeys(service)) ?? valueAt(configuration, ["config", "dokploy:imageTag"]);
}
