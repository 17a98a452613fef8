import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../provider/dokploy";
import {
  handlersText,
  type IdentityInput,
  identityKey,
  identityOf,
  providerKey,
} from "../../provider/pulumi";
import {
  afterShared,
  checkResource,
  checkVolumes,
  claimObject,
  composeOf,
  noteId,
  refuseNothing,
  requireValues,
  shareVariables,
  withParent,
} from "../program-checks";
import {
  checkSettings,
  currentRun,
  hasProvider,
  inputNames,
  type Kind,
  movedFromOther,
  ProgramError,
  providerOf,
  secretPaths,
  serverOf,
  stackProvider,
  typeInRun,
  typesOfKind,
  urnOf,
  usesPlugin,
  versionInside,
  warnIfInPlainText,
  withSecrets,
} from "../run";
import { adoptedByFile, adoptsValue } from "./adoption-file";
import type * as KeptOutput from "./kept-output";
import { knowWithId, mayHaveMore, settle } from "./outputs";
import { shortenTraces } from "./short-traces";
import { adoptedId, stable } from "./stable";

/** Options of a resource. The option `import` takes the id of an object in Dokploy, which the resource adopts. */
export type ResourceOptions = pulumi.CustomResourceOptions;

/** A resource of Dokploy, managed by handlers of this package instead of a plugin. */
export abstract class DokployResource extends pulumi.CustomResource {
  /** Never set. With a private member, editors do not offer the members of a resource among the ids of a `target`. */
  declare private readonly isNominal: true;

  /** @param outputs names of the outputs that are not inputs; default: those of its definition */
  protected constructor(
    kind: Kind,
    name: string,
    args: object,
    options: ResourceOptions | undefined,
    outputs: readonly string[] = outputsOf(kind),
  ) {
    refuseNothing(kind, name, args);
    const plain: string[] = [];
    const inputs = withSecrets(kind, args, name, plain);
    refuseToString(name, inputs);
    if (providerOf(options) === undefined) checkSettings();
    warnIfInPlainText("dokploy:apiKey");
    const given = inputs as Readonly<Record<string, unknown>>;
    const own = args as Readonly<Record<string, unknown>>;
    const server = serverOf(options);
    const { import: imported, ...rest } = withParent(kind, given, options) ?? {};
    const fromFile = imported === undefined ? adoptedByFile(kind, name, options) : undefined;
    const adopts = adoptsValue(kind) ? undefined : fromFile;
    const adopted = imported ?? adopts;
    const { required, optional } = inputNames[kind];
    const remaining = optional.filter((input) => given[input] === undefined);
    const mayBeThere = mayHaveMore(options) ? remaining : [];
    const type = typeInRun(typesOfKind(kind));
    const compose = identityOfCompose(kind, given);
    const saysPlain = plain.length > 0 ? { plain } : undefined;
    const properties = {
      // An output that is not named here would be missing, even if the state has it.
      ...Object.fromEntries([...required, ...mayBeThere, ...outputs].map((output) => [output, undefined])),
      ...requireValues(`${kind} "${name}"`, kind, inputs, options),
      // Pulumi's own import needs a plugin; the handlers adopt by this input.
      ...(imported === undefined ? {} : { import: imported }),
      ...(fromFile === adopts ? {} : { adopts: fromFile }),
      // The plugin has the handlers, and each of its calls names the resource.
      ...(usesPlugin()
        ? (compose ?? saysPlain) && { [identityKey]: said({ compose, ...saysPlain }) }
        : {
            [providerKey]: handlersText(kind),
            [identityKey]: reported({
              name,
              urn: urnOf(type, name, rest.parent),
              secrets: secretPaths(inputs, options?.additionalSecretOutputs),
              compose,
              ...saysPlain,
              ignored: options?.ignoreChanges,
              adopts,
            }),
          }),
    };
    const traces = shortenTraces();
    try {
      super(type, name, properties, afterShared(server, own, managed(kind, rest)));
    } catch (error) {
      throw traces.completed(error);
    } finally {
      traces.restore();
    }
    knowWithId(this, outputs);
    if (adopted !== undefined) Object.assign(this, { id: adoptedId(this.id, this.urn, adopted) });
    noteId(this.id, this, options);
    // Inside the plugin no program ends, and it checks each resource alone.
    if (versionInside() === undefined) {
      checkResource(currentRun(), kind, name, own, this);
      checkVolumes(server, kind, name, own, this);
    }
    claimObject(server, kind, name, own);
    shareVariables(server, kind, this, own);
    keepOutputs(this, kind, own, options, `${name}-mock`);
    settle(this, remaining);
  }
}

/** Returns options with the provider of the stack's settings, if the plugin manages the resource. */
function managed(kind: Kind, options: ResourceOptions): ResourceOptions {
  const moved = movedFromOther(typesOfKind(kind), options);
  if (!usesPlugin() || hasProvider(options)) return moved;
  const version = versionInside();
  return version === undefined ? { ...moved, provider: stackProvider() } : { version, ...moved };
}

/** Returns the names of the outputs of a kind that are not inputs. */
function outputsOf(kind: Kind): readonly string[] {
  const names = inputNames[kind];
  return "outputs" in names ? names.outputs : [];
}

/** Keeps outputs known that an update does not change, unless an input that they follow from changes. */
function keepOutputs(
  resource: DokployResource,
  kind: Kind,
  args: Readonly<Record<string, unknown>>,
  options: ResourceOptions | undefined,
  mocked: string,
): void {
  const names = inputNames[kind];
  const outputs = resource as unknown as Record<string, pulumi.Output<unknown>>;
  for (const name of "kept" in names ? names.kept : []) {
    const output = outputs[name] as pulumi.Output<unknown>;
    const lookUp = async (id: string, connect: () => Promise<Api>) => {
      // Only a program that changes such an object needs it.
      const { keptOutput } = require("./kept-output") as typeof KeptOutput;
      return await keptOutput(kind, name, args, id, await connect());
    };
    outputs[name] = stable(output, resource.id, options, lookUp, mocked);
  }
}

async function reported({
  urn: promised,
  secrets,
  compose,
  ...given
}: Pick<IdentityInput, "name" | "plain" | "ignored" | "adopts"> & {
  readonly urn: Promise<string>;
  readonly secrets: Promise<unknown>;
  readonly compose: Promise<string> | undefined;
}): Promise<IdentityInput> {
  const known = Object.entries({ ...given, compose: await compose }).filter(
    ([, value]) => value !== undefined,
  );
  const urn = await promised;
  return {
    identity: identityOf(urn),
    urn,
    secrets: await secrets,
    ...Object.fromEntries(known),
  };
}

/** Returns what the plugin does not know of a resource. */
async function said({
  compose,
  ...given
}: Pick<IdentityInput, "plain"> & { readonly compose: Promise<string> | undefined }): Promise<
  Partial<IdentityInput>
> {
  return { ...given, ...(compose === undefined ? {} : { compose: await compose }) };
}

/**
 * Returns the identity of the compose service of which a resource names a service. As an output, it would make everything
 * that contains it depend on that.
 */
function identityOfCompose(kind: Kind, args: Readonly<Record<string, unknown>>): Promise<string> | undefined {
  const compose = composeOf(kind, args);
  return (
    compose &&
    new Promise((resolve) => {
      compose.urn.apply((urn) => resolve(identityOf(urn)));
    })
  );
}

/**
 * Refuses a name that Pulumi cannot handle. Pulumi turns every input into text for its own messages, and fails with a
 * stack trace when a map has a value instead of that function.
 *
 * @throws ProgramError for a map with `toString` among its names
 */
function refuseToString(resource: string, inputs: object): void {
  for (const [input, value] of Object.entries(inputs)) {
    const isBroken = [value].flat(2).some((item: unknown) => hasToString(item));
    if (!isBroken) continue;
    throw new ProgramError(
      `${resource}: ${input}: toString is a name that Pulumi cannot handle: choose another.`,
    );
  }
}

function hasToString(value: unknown): boolean {
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return false;
  return Object.hasOwn(value, "toString") && typeof value.toString !== "function";
}
