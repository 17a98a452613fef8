import type { Context } from "../../lifecycle";
import type { Change, KeyChanges } from "../../schema";
import { previewInterruption } from "../rollout/interruption";
import { outerVariables } from "../variable-targets/reference-checks";
import {
  canDeploy,
  type Referrer,
  referrersOf,
  referrersWithout,
  unsupportedUses,
  wasDeployed,
} from "./find";
import { changedNames } from "./pending";
import type { SharedOwner } from "./redeploy";

/**
 * Reports in a preview the effect of a change of shared variables on the services that refer to them: which of them
 * will be deployed, which get it only later, and whose next deployment will fail. Reads the services.
 */
export async function previewReferrers(
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
        `${owner.label} removes ${lost.join(", ")}, to which the ${service.label} refers (${places.join(", ")}): ` +
          "its next deployment fails, unless this run changes the reference too.",
        "reference",
      );
    }
  }
  const running = referrers.filter((referrer) => {
    const { service, names } = referrer;
    if (losing.includes(referrer) || !wasDeployed(service)) return false;
    const problems = unsupportedUses(
      service,
      owner.scope,
      outerVariables(service.environment, context),
      context,
    );
    for (const problem of problems) {
      context.warn(
        `${owner.label} changes ${[...names].join(", ")}, to which the ${service.label} refers, but no deployment ` +
          `can apply the change there, unless this run also corrects the following: ${problem}.`,
        "not-deployed",
      );
    }
    return problems.length === 0;
  });
  const isLater = ({ path }: Referrer) => owner.redeploy || !context.run.deployments.isPlanned(path);
  const unordered = running.filter((referrer) => !isLater(referrer));
  if (unordered.length > 0) {
    context.warn(
      `${owner.label} changes ${namesIn(unordered)}. These services refer to it and change in this run too, but ` +
        `Pulumi may deploy them before it saves ${owner.label}: ${labelsOf(unordered)}. They would get the change ` +
        "only with their next deployment. The option dependsOn makes Pulumi save it first.",
      "referrers",
    );
  }
  const later = running.filter(isLater);
  if (later.length === 0) return;
  if (owner.redeploy) await previewInterruptions(later, context);
  const names = namesIn(later);
  const services = labelsOf(later);
  const twice = ` A service that Pulumi updates after ${owner.label} and that also changes in this run is then deployed again.`;
  context.warn(
    owner.redeploy
      ? `${owner.label} changes ${names}: the services that refer to it are deployed: ${services}.${twice}`
      : `${owner.label} changes ${names}. These services refer to it, and unless this run deploys them for another ` +
          `reason, they get the change only with their next deployment: ${services}. redeployReferrers: true deploys ` +
          "them.",
    "referrers",
  );
}

/**
 * Returns a sentence, after a space, about the services that a new resource deploys for variables which its object has
 * already, since their containers run without them; empty without any. Also reports which of them that interrupts.
 *
 * @param live variables that the object has
 */
export async function sentenceOfSaved(
  owner: SharedOwner,
  { env = {} }: { readonly env?: Readonly<Record<string, unknown>> | undefined },
  live: Readonly<Record<string, string>>,
  context: Context,
): Promise<string> {
  if (!owner.redeploy) return "";
  const given = Object.keys(env);
  const saved = given.filter((name) => live[name] === env[name]);
  const found = await referrersWithout(owner.scope, saved, context);
  const running = found.filter(
    ({ service }) =>
      wasDeployed(service) &&
      canDeploy(service, owner, outerVariables(service.environment, context), context, given),
  );
  if (running.length === 0) return "";
  await previewInterruptions(running, context);
  return (
    ` Services that refer to ${namesIn(running)} run without the saved values, so they are deployed: ` +
    `${labelsOf(running)}.`
  );
}

async function previewInterruptions(referrers: readonly Referrer[], context: Context): Promise<void> {
  for (const { service } of referrers) {
    await previewInterruption(
      { kind: service.kind, id: service.id, need: "deploy", option: undefined },
      context,
    );
  }
}

/** Returns the names of the variables to which services refer. */
function namesIn(referrers: readonly Referrer[]): string {
  return [...new Set(referrers.flatMap(({ names }) => [...names]))].sort().join(", ");
}

function labelsOf(referrers: readonly Referrer[]): string {
  return referrers.map(({ service }) => service.label).join(", ");
}

/** Reports, for a plan that turns on `redeployReferrers`, that this alone deploys no service. */
export function previewOption(
  { label, redeploy }: SharedOwner,
  changes: readonly Change[],
  { inform }: Pick<Context, "inform">,
): void {
  const isAsked = redeploy && changes.some(({ input }) => input === "redeployReferrers");
  if (!isAsked || changedNames(changes).length > 0) return;
  inform(
    `${label}: redeployReferrers deploys services for changes from now on. A service that still needs an earlier ` +
      "change gets it with a separate deployment, for example by a Deployment with another trigger.",
    "referrers",
  );
}

/** Returns the names that a plan changes among the variables of a resource. */
export function keysOf(changes: readonly Change[]): KeyChanges | undefined {
  return changes.find(({ path }) => path === "env")?.keys;
}
