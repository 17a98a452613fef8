import { visible } from "../../../packages/text";
import { SERVICES, servicesIn } from "../../dokploy";

/** Returns `application "web" (production)` for every service of an environment. */
export function serviceNames(lists: object, environment: string): string[] {
  return servicesIn(lists).map(
    ({ kind, row }) => `${SERVICES[kind].noun} "${visible(String(row["name"]))}" (${visible(environment)})`,
  );
}
