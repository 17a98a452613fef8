import * as pulumi from "@pulumi/pulumi";
import { handlersOf, providerKey } from "../../provider/pulumi/handlers-text";
import { identityKey, identityOf, type Told } from "../../provider/pulumi/identity";
import { typePrefix } from "../../provider/pulumi/urn";
import { watchReferrers } from "../program-checks/failing-referrers";
import { inputNames } from "../program-checks/generated/input-names";
import { refuseNothing, requireValues } from "../program-checks/given";
import { claimObject, composeOf, noteId } from "../program-checks/parts";
import { warnIfInClear } from "../run/config-in-clear";
import type { Kind } from "../run/kind";
import { ProgramError } from "../run/program-error";
import { withSecrets } from "../run/secret-inputs";
import { secretPaths } from "../run/secret-marks";
import { providerOf, serverOf } from "../run/server";
import { checkSettings } from "../run/settings";
import { urnOf } from "../run/urn";
import { knowWithId, mayHaveMore, settle } from "./outputs";
import { shortenTraces } from "./short-traces";
import { adoptedId } from "./stable";

/** Options of a resource. `import` takes the id of something that exists in Dokploy and manages it from now on. */
export type ResourceOptions = pulumi.CustomResourceOptions;

/** A resource of Dokploy, kept by handlers of this package instead of a plugin. */
export abstract class DokployResource extends pulumi.CustomResource {
  /** Never there: with a private member, editors do not offer those of a resource inside the ids of a `target`. */
  declare private readonly isNominal: true;

  /**
   * @param outputs names of what the resource has beside its inputs
   */
  protected constructor(
    kind: Kind,
    name: string,
    args: object,
    outputs: readonly string[],
    options: ResourceOptions | undefined,
  ) {
    refuseNothing(kind, name, args);
    const inputs = withSecrets(kind, args);
    refuseToString(name, inputs);
    if (providerOf(options) === undefined) checkSettings();
    warnIfInClear("dokploy:apiKey");
    const { import: adopted, ...rest } = options ?? {};
    const { required, optional } = inputNames[kind];
    const given = inputs as Readonly<Record<string, unknown>>;
    const left = optional.filter((input) => given[input] === undefined);
    const mayBeThere = mayHaveMore(options) ? left : [];
    const type = `${typePrefix}${kind}`;
    const beside = [...outputs, ...referrersOf(kind)];
    const properties = {
      // An output that is not named here would not be there, even where the state has it.
      ...Object.fromEntries([...required, ...mayBeThere, ...beside].map((output) => [output, undefined])),
      ...requireValues(`${kind} "${name}"`, kind, inputs, options),
      // Pulumi's own import needs a plugin; the handlers adopt by this input.
      ...(adopted === undefined ? {} : { import: adopted }),
      [providerKey]: handlersOf(kind),
      [identityKey]: told(
        urnOf(type, name, rest.parent),
        secretPaths(inputs, options?.additionalSecretOutputs),
        composeOf(kind, given)?.urn,
      ),
    };
    const traces = shortenTraces();
    try {
      super(type, name, properties, rest);
    } catch (error) {
      throw traces.completed(error);
    } finally {
      traces.restore();
    }
    knowWithId(this, beside);
    if (adopted !== undefined) Object.assign(this, { id: adoptedId(this.id, this.urn, adopted) });
    noteId(this.id, this, options);
    claimObject(serverOf(options), kind, name, args as Readonly<Record<string, unknown>>);
    settle(this, left);
    const { failingReferrers } = this as { failingReferrers?: pulumi.Output<string[] | undefined> };
    watchReferrers(serverOf(options), kind, name, this.id, failingReferrers);
  }
}

async function told(
  urn: Promise<string>,
  secrets: Promise<unknown>,
  compose: pulumi.Output<string> | undefined,
): Promise<Told> {
  const composeUrn = compose && (await textOf(compose));
  return {
    identity: identityOf(await urn),
    secrets: await secrets,
    ...(composeUrn === undefined ? {} : { compose: identityOf(composeUrn) }),
  };
}

/** Its value alone: as an output it would make what it stands in depend on its resource. */
function textOf(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

/**
 * The output of what owns shared variables that tells of services which nobody could deploy so far: not in a preview, which
 * deploys nothing, since Pulumi takes time for each.
 */
function referrersOf(kind: Kind): string[] {
  if (pulumi.runtime.isDryRun()) return [];
  const { optional }: { readonly optional: readonly string[] } = inputNames[kind];
  return optional.includes("redeployReferrers") ? ["failingReferrers"] : [];
}

/**
 * Pulumi turns every input into a text for its own messages, and fails with its stack where a map has a value in the
 * place of the function for that.
 *
 * @throws ProgramError for a map with `toString` among its names
 */
function refuseToString(resource: string, inputs: object): void {
  for (const [input, value] of Object.entries(inputs)) {
    const isBroken = [value].flat(2).some((item: unknown) => hasToString(item));
    if (!isBroken) continue;
    throw new ProgramError(
      `${resource}: ${input}: toString is a name that Pulumi cannot carry: choose another for what is called so.`,
    );
  }
}

function hasToString(value: unknown): boolean {
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return false;
  return Object.hasOwn(value, "toString") && typeof value.toString !== "function";
}
