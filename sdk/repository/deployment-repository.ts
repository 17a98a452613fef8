import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { someOf } from "../../packages/text";
import {
  type Application,
  type Compose,
  type Database,
  EnvironmentBlock,
  Project,
  serviceClasses,
} from "../classes";
import { collectAll, type ReadOptions } from "../files";
import { giveNothing } from "../program-checks";
import type { ResourceOptions } from "../resource";
import {
  isOfTypes,
  movedFromOther,
  ProgramError,
  serverOf,
  settingOf,
  typeInRun,
  typesOfComponent,
} from "../run";
import type * as AddressesModule from "./addresses";
import type * as AttachedModule from "./attached";
import type * as BetweenServices from "./between-services";
import { readImageTags } from "./image-tag";
import type * as LayoutModule from "./layout";
import type * as Oddities from "./oddities";
import type * as PreparedModule from "./prepared";
import type { Prepared } from "./prepared";
import type * as PreviewModule from "./preview-rules";
import type * as Renames from "./renames";
import { describeServices, readSelection, servicesInState } from "./selection";
import type * as ServicesModule from "./services";

export interface DeploymentRepositoryArgs extends ReadOptions {
  /** Folder that contains `services` and `envs`. Default: the working directory, which is the folder of the program. */
  directory?: string;
  /** Folder in `envs` whose variables are used. Default: the name of the stack. */
  stage?: string;
  /** Name of the project that it creates in Dokploy. Default: `<name>-<stage>`. */
  project?: string;
  /**
   * Id of an existing environment for the services, in which case no project is created. A preview of a pull request has its
   * own project nevertheless.
   */
  environmentId?: pulumi.Input<string>;
  /** True to deploy the services that refer to a shared variable when it changes, and no others. Default: true. */
  redeployReferrers?: boolean;
  /**
   * Ids of destinations by the names that backups in the files use: `{ main: bucket.id }` for one that the program
   * makes. A name that is not given here is looked up in Dokploy in every run.
   */
  destinations?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * A deployment repository: all services that it describes, with the variables of one stage.
 *
 * ```
 * services/<service>/dokploy-app.yaml   the service: an application, a compose service or a database
 * envs/base/<service>.yaml              its variables in every stage (optional)
 * envs/<stage>/<service>.yaml           its variables in one stage
 * envs/<stage>/shared.yaml              variables that services refer to as ${{environment.NAME}} (optional)
 * envs/schema.yaml                      the contract that all variables must meet (optional)
 * ```
 *
 * The name of the folder is the name of the service in Dokploy. A file that belongs to no service and a service without
 * variables are warnings; unknown fields and wrong types are errors with file and line.
 *
 * | setting | environment | meaning |
 * |---|---|---|
 * | `dokploy:only` | `DOKPLOY_ONLY` | names of services, separated by commas: the run works on these, and all others stay as they are |
 * | `dokploy:preview` | `DOKPLOY_PREVIEW` | number of a pull request: the stack is its preview, by the rules of `dokploy-previews.yaml` |
 * | | `DOKPLOY_IMAGE_TAG` | tag for `${IMAGE_TAG}` in images, e.g. the commit; takes precedence over the configuration |
 * | `dokploy:imageTags.<service>` | | tag of one service, and of those that take its image by `imageOf` |
 * | `dokploy:imageTag` | | tag of all others; without any tag, the deployed one stays |
 *
 * @example
 * ```ts
 * new dokploy.DeploymentRepository("shop");
 * ```
 *
 * @example An existing environment
 * ```ts
 * new dokploy.DeploymentRepository("shop", { environmentId: "Hd8yJ0ZcDnc2ZTWqvNvJ4" });
 * ```
 */
export class DeploymentRepository extends pulumi.ComponentResource {
  /** Project that was created; undefined when `environmentId` was given. */
  readonly project: Project | undefined;
  /** Id of the environment that the services are in. */
  readonly environmentId: pulumi.Output<string>;
  /** Services by name; with `dokploy:only`, the selected ones. */
  readonly services: Readonly<Record<string, Application | Compose | Database>>;
  readonly #names: readonly string[];
  /** Services that are not selected and that the stack has. */
  readonly #others: pulumi.Output<Readonly<Record<string, Application | Compose | Database>>>;

  static override isInstance(value: unknown): value is DeploymentRepository {
    return isOfTypes(types, value);
  }

  constructor(name: string, args: DeploymentRepositoryArgs = {}, options?: pulumi.ComponentResourceOptions) {
    const componentType = typeInRun(types);
    super(componentType, name, {}, movedFromOther(types, options ?? {}));
    const { directory = ".", redeployReferrers = true, root } = args;
    const { addressValue } = require("./addresses") as typeof AddressesModule;
    // Loaded here with all code that reads files, so that a program without a repository starts faster.
    const { readLayout } = require("./layout") as typeof LayoutModule;
    const { loadSharedEnv, readServices } = require("./services") as typeof ServicesModule;
    const { prepare } = require("./prepared") as typeof PreparedModule;
    const { checkPlaces, checkStages } = require("./between-services") as typeof BetweenServices;
    const { warnOfIdleTag, warnOfOddities, warnOfSplitImage } = require("./oddities") as typeof Oddities;
    const { warnOfRenames } = require("./renames") as typeof Renames;
    const reading: ReadOptions = { root };
    const { layoutOf, readPreview } = require("./preview-rules") as typeof PreviewModule;
    const preview = readPreview(
      directory,
      settingOf({ parent: this }),
      process.env,
      reading,
      pulumi.getStack(),
    );
    const stage = preview?.rules.from ?? args.stage ?? pulumi.getStack();
    const named = args.stage === undefined ? {} : { namedBy: "the input stage" };
    const layout = readLayout(directory, stage, { root, ...(preview ? layoutOf(preview) : named) });
    this.#names = layout.services.map((service) => service.name);
    const described = describeServices(this.#names);
    const selection = readSelection(this.#names, settingOf({ parent: this }), process.env);
    const tags = readImageTags(this.#names, settingOf({ parent: this }), process.env);
    const [services, sharedEnv] = collectAll(
      () => readServices(layout, selection, reading, preview).map((service) => prepare(service, stage, tags)),
      () => loadSharedEnv(layout, reading, preview),
    );
    // From here on, no file has a mistake that reading it would find.
    warnOfOddities(layout, services, stage, this);
    warnOfIdleTag(tags, services, this);
    warnOfSplitImage(tags, services, this);
    checkPlaces(services, this);
    if (preview === undefined) checkStages(layout, services, stage, reading);

    const others = services.filter((service) => !service.selected);
    // The limits of such a run are checked before any change, which Pulumi may start at once.
    const formerNames = services.filter(({ selected }) => selected).flatMap((service) => service.formerNames);
    const made = others.length > 0 ? servicesInState(componentType, formerNames) : undefined;
    const once = (resources: readonly pulumi.Resource[]) =>
      made?.then(() => [...resources]) ?? [...resources];
    // A preview always has its own project.
    const given = preview === undefined ? args.environmentId : undefined;
    if (given === undefined) {
      const options = { parent: this, dependsOn: once([]) };
      const project = preview
        ? {
            name: `${args.project ?? name}-pr-${preview.number}`,
            description: `Preview of pull request ${preview.number}`,
          }
        : { name: args.project ?? `${name}-${stage}` };
      this.project = new Project(name, project, options);
    }
    const environmentId = pulumi.output(given ?? this.project?.defaultEnvironmentId ?? "");
    this.environmentId = environmentId;
    const shared: pulumi.Resource[] = [];
    if (sharedEnv !== undefined) {
      const block = { target: { environmentId }, env: sharedEnv, redeployReferrers };
      const options = { parent: this, dependsOn: once([]) };
      shared.push(new EnvironmentBlock(`${name}-shared`, block, options));
    } else if (this.project) {
      giveNothing(
        serverOf({ parent: this }),
        environmentId,
        path.join(directory, "envs", stage, "shared.yaml"),
      );
    }
    const declared: Record<string, Application | Compose | Database> = {};
    const declare = (service: Prepared, more: ResourceOptions) => {
      const before = service.dependsOn.flatMap((other) => declared[other] ?? []);
      const addresses = service.addresses.map((address) => {
        const { app } = services.find(({ name }) => name === address.name) ?? {};
        return [address.variable, addressValue(address, app, declared[address.name], environmentId, this)];
      });
      const { env } = service.inputs;
      const inputs = {
        ...service.inputs,
        ...(addresses.length > 0 ? { env: { ...(env as object), ...Object.fromEntries(addresses) } } : {}),
        environmentId,
      };
      const resourceOptions = {
        parent: this,
        dependsOn: once([...shared, ...before]),
        ...service.options,
        ...more,
      };
      const Declared = serviceClasses[service.kind] as new (
        name: string,
        args: object,
        options: ResourceOptions,
      ) => Application | Compose | Database;
      const resource = new Declared(service.name, inputs, resourceOptions);
      declared[service.name] = resource;
      return resource;
    };
    const { declareAttached, declareAttachedAsBefore, findDestinations } =
      require("./attached") as typeof AttachedModule;
    const selected = services.filter((service) => service.selected);
    const destinations = findDestinations(selected, args.destinations ?? {}, this);
    const added = selected.map((service) => {
      const resource = declare(service, {});
      declareAttached(service.app.attached, { ...service, resource }, destinations, this);
      return { service, resource };
    });
    // Without the other services, such a run deletes nothing.
    if (made === undefined) pulumi.output(warnOfRenames(added, described, componentType, this));
    this.services = { ...declared };
    // With the values in the state, since Pulumi takes the former value of each ignored input.
    this.#others = pulumi.output(made ?? []).apply(async (inState) => {
      const there = others.filter((service) => inState.includes(service.name));
      for (const service of there) declare(service, { ignoreChanges: ["*"] });
      const names = there.map(({ name }) => name);
      if (names.length > 0) await declareAttachedAsBefore(componentType, names, this);
      return Object.fromEntries(
        there.map(({ name }) => [name, declared[name] as Application | Compose | Database]),
      );
    });
    this.registerOutputs({ environmentId: this.environmentId });
  }

  /**
   * Returns the name of a service inside Docker: the host name under which other services reach it. It is also known
   * for a service that `dokploy:only` leaves out of this run, but undefined if that service was never created.
   *
   * @throws ProgramError when the repository has no such service
   * @example
   * ```ts
   * export const apiHost = new dokploy.DeploymentRepository("shop").appName("api");
   * ```
   */
  appName(service: string): pulumi.Output<string | undefined> {
    if (!this.#names.includes(service)) {
      throw new ProgramError(
        `The repository has no service ${JSON.stringify(service)}; it has ${someOf(this.#names)}.`,
      );
    }
    const selected = this.services[service];
    return selected
      ? selected.appName
      : this.#others.apply((others) => pulumi.output(others[service]?.appName));
  }
}

const types = typesOfComponent("DeploymentRepository");
