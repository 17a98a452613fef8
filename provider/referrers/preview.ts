import { outerVariables } from "../env-hosts/reference-checks";
import type { Context } from "../lifecycle/context";
import type { Change, KeyChanges } from "../schema/changes";
import { referrersOf, unfitUses, wasDeployed } from "./find";
import { changedNames } from "./pending";
import type { SharedOwner } from "./redeploy";

/**
 * Says at preview what a change of shared variables does to the services that refer to them: which of them will be
 * deployed, which get it only later, and whose next deployment will fail. Reads the services.
 */
export async function foretellReferrers(
  owner: SharedOwner,
  keys: KeyChanges | undefined,
  context: Context,
): Promise<void> {
  const { added = [], changed = [], removed = [] } = keys ?? {};
  if (added.length + changed.length + removed.length === 0) return;
  const referrers = await referrersOf(owner.scope, [...added, ...changed, ...removed], context);
  const losing = referrers.filter(({ names }) => removed.some((name) => names.has(name)));
  if (context.references !== "off") {
    for (const { service, places, names } of losing) {
      const lost = removed.filter((name) => names.has(name));
      context.warn(
        `${owner.label} takes out ${lost.join(", ")}, to which the ${service.label} refers (${places.join(", ")}): ` +
          "its next deployment fails, unless this run changes that too.",
      );
    }
  }
  const running = referrers.filter((referrer) => {
    const { service, names } = referrer;
    if (losing.includes(referrer) || !wasDeployed(service)) return false;
    const problems = unfitUses(service, owner.scope, outerVariables(service.environment, context), context);
    for (const problem of problems) {
      context.warn(
        `${owner.label} changes ${[...names].join(", ")}, to which the ${service.label} refers, and no deployment brings ` +
          `it there, unless this run changes that too: ${problem}.`,
      );
    }
    return problems.length === 0;
  });
  const later = running.filter(({ path }) => owner.redeploy || !context.claims.deployments.isPlanned(path));
  if (later.length === 0) return;
  const names = [...new Set(later.flatMap((referrer) => [...referrer.names]))].sort().join(", ");
  const services = later.map(({ service }) => service.label).join(", ");
  const twice = owner.comesFirst
    ? ` Pulumi changes these services after the ${owner.scope.kind}: one that changes itself in this run is deployed again then.`
    : " A resource of such a service that changes in this run and has this one in dependsOn deploys it again: without dependsOn, " +
      "one deployment is enough.";
  context.warn(
    owner.redeploy
      ? `${owner.label} changes ${names}: the services that refer to it are deployed: ${services}.${twice}`
      : `${owner.label} changes ${names}. Of the services that refer to it, those that this run does not deploy for another ` +
          `reason get it only with their next deployment: ${services}. redeployReferrers: true deploys them.`,
  );
}

/** Says of a plan which asks that such services are deployed that it deploys none by itself. */
export function foretellOption(
  { label, redeploy }: SharedOwner,
  changes: readonly Change[],
  { inform }: Pick<Context, "inform">,
): void {
  const isAsked = redeploy && changes.some(({ input }) => input === "redeployReferrers");
  if (!isAsked || changedNames(changes).length > 0) return;
  inform(
    `${label}: redeployReferrers deploys services for what changes from now on. One that has yet to get an earlier change ` +
      "gets it with a deployment of its own, for example by a Deployment with another trigger.",
  );
}

/** The names that a plan changes among the variables that a resource gives. */
export function keysOf(changes: readonly Change[]): KeyChanges | undefined {
  return changes.find(({ path }) => path === "env")?.keys;
}
