import { visible } from "../../../packages/text";
import { SERVICES, servicesIn } from "../../dokploy";

/**
 * Returns `application "web" (production)` for every service of an environment.
 *
 * @param isLeftOut true for the id of one that does not count
 */
export function serviceNames(
  lists: object,
  environment: string,
  isLeftOut: (id: string) => boolean = () => false,
): string[] {
  return servicesIn(lists)
    .filter(({ id }) => !isLeftOut(id))
    .map(
      ({ kind, row }) => `${SERVICES[kind].noun} "${visible(String(row["name"]))}" (${visible(environment)})`,
    );
}
