import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Application, type ApplicationArgs } from "./application";
import type { ResourceOptions } from "./base";
import { Compose, type ComposeArgs } from "./compose";
import { composeFile } from "./compose-file";
import { EnvironmentBlock } from "./environment-block";
import type { ReadOptions } from "./files/source";
import { loadEnv } from "./load-env";
import { Project } from "./project";
import { giveShared } from "./references";
import { checkTagNames, imageTagOf, tagImage, tagVariables } from "./repository/image-tag";
import { type Layout, readLayout } from "./repository/layout";
import { describeServices, readSelection, servicesInState } from "./repository/selection";
import { readServices, type Service } from "./repository/services";

export interface DeploymentRepositoryArgs extends ReadOptions {
  /** Folder that holds `services` and `envs`. Default: the working directory, which is the folder of the program. */
  directory?: string;
  /** The folder of `envs` whose variables are taken. Default: the name of the stack. */
  stage?: string;
  /** Name of the project that is made in Dokploy. Default: `<name>-<stage>`. */
  project?: string;
  /** Id of an environment that exists already: the services go there, and no project is made. */
  environmentId?: pulumi.Input<string>;
  /** Deploy the services that refer to a shared variable when that changes, and only those. Default: true. */
  redeployReferrers?: boolean;
}

/**
 * A whole deployment repository: every service that it describes, with the variables of one stage.
 *
 * ```
 * services/<service>/dokploy-app.yaml   what the service is: an application or a compose service
 * envs/base/<service>.yaml              its variables in every stage (optional)
 * envs/<stage>/<service>.yaml           its variables in one stage
 * envs/<stage>/shared.yaml              variables that services refer to as ${{environment.NAME}} (optional)
 * ```
 *
 * The name of the folder is the name of the service in Dokploy. Files that belong to no service and services without
 * variables are warned of; unknown fields and wrong types are errors with their place.
 *
 * | setting | environment | what it is |
 * |---|---|---|
 * | `dokploy:only` | `DOKPLOY_ONLY` | names of services, apart by commas: only these are worked on, all others stay as they are |
 * | | `DOKPLOY_IMAGE_TAG` | tag for `${IMAGE_TAG}` in images, e.g. the commit; goes before the configuration |
 * | `dokploy:imageTags.<service>` | | tag of one service |
 * | `dokploy:imageTag` | | tag of all others; without any, what is deployed stays |
 *
 * @example
 * ```ts
 * new dokploy.DeploymentRepository("shop");
 * ```
 *
 * @example In an environment that exists already
 * ```ts
 * new dokploy.DeploymentRepository("shop", { environmentId: "Hd8yJ0ZcDnc2ZTWqvNvJ4" });
 * ```
 */
export class DeploymentRepository extends pulumi.ComponentResource {
  /** The project; undefined when `environmentId` was given. */
  readonly project: Project | undefined;
  /** The environment that the services are in. */
  readonly environmentId: pulumi.Output<string>;
  /** The services by name; with `dokploy:only` those that are selected. */
  readonly services: Readonly<Record<string, Application | Compose>>;

  constructor(name: string, args: DeploymentRepositoryArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super(componentType, name, {}, options);
    const { directory = ".", stage = pulumi.getStack(), redeployReferrers = true, root } = args;
    const reading: ReadOptions = { root };
    const layout = readLayout(directory, stage, reading);
    const names = layout.services.map((service) => service.name);
    describeServices(names);
    checkTagNames(names);
    const services = readServices(layout, stage, readSelection(names, process.env), reading);
    warnOfOddities(layout, stage, this);

    if (args.environmentId === undefined) {
      this.project = new Project(name, { name: args.project ?? `${name}-${stage}` }, { parent: this });
    }
    this.environmentId = pulumi.output(args.environmentId ?? this.project?.defaultEnvironmentId ?? "");
    const shared = layout.shared.length > 0 ? [this.declareShared(layout, redeployReferrers, reading)] : [];
    if (shared.length === 0 && this.project) {
      // Nobody else gives variables to an environment that the component makes.
      giveShared("environment", this.environmentId, path.join(directory, "envs", stage, "shared.yaml"), {});
    }
    const declared: Record<string, Application | Compose> = {};
    const declare = (service: Service, more: ResourceOptions) => {
      const before = service.app.dependsOn.flatMap((other) => declared[other.name] ?? []);
      declared[service.name] = this.declare(service, reading, {
        parent: this,
        dependsOn: [...shared, ...before],
        ...more,
      });
    };
    for (const service of services) if (service.selected) declare(service, {});
    this.services = { ...declared };
    const others = services.filter((service) => !service.selected);
    if (others.length > 0) {
      // As the state has them: Pulumi takes the former value of every input that is to be ignored.
      pulumi.output(servicesInState(componentType)).apply((made) => {
        for (const service of others)
          if (made.includes(service.name)) declare(service, { ignoreChanges: ["*"] });
      });
    }
    this.registerOutputs({ environmentId: this.environmentId });
  }

  private declareShared(layout: Layout, redeployReferrers: boolean, reading: ReadOptions): EnvironmentBlock {
    const target = { environmentId: this.environmentId };
    const env = loadEnv(layout.shared, reading);
    return new EnvironmentBlock("shared", { target, env, redeployReferrers }, { parent: this });
  }

  private declare(service: Service, reading: ReadOptions, options: ResourceOptions): Application | Compose {
    const { name, app } = service;
    const tag = imageTagOf(name, process.env);
    const identity = { name, environmentId: this.environmentId };
    const adopting = app.adopts === undefined ? {} : { import: app.adopts };
    if (app.kind === "application") {
      const { value: inputs, ignoreChanges } = tagImage(app.inputs, tag);
      const { env } = service;
      const args = { ...identity, ...inputs, ...(env ? { env } : {}) } as unknown as ApplicationArgs;
      return new Application(name, args, { ignoreChanges, ...adopting, ...options });
    }
    const raw = service.composeFile === undefined ? undefined : composeFile(service.composeFile, reading);
    const { value: env, ignoreChanges } = tagVariables(raw?.composeFile ?? "", service.env, tag);
    const args = { ...identity, ...(raw ? { source: raw } : {}), ...app.inputs, ...(env ? { env } : {}) };
    return new Compose(name, args as unknown as ComposeArgs, { ignoreChanges, ...adopting, ...options });
  }
}

const componentType = "dokploy:index:DeploymentRepository";

/** What is odd but may be meant. */
function warnOfOddities(layout: Layout, stage: string, resource: pulumi.Resource): void {
  for (const file of layout.orphans) {
    void pulumi.log.warn(
      `${file} belongs to no service, so nothing reads it: the services are ${layout.services.map(({ name }) => name).join(", ")}. ` +
        "Correct its name, or take it away.",
      resource,
    );
  }
  for (const { name, variables } of layout.services) {
    if (variables.length > 0) continue;
    void pulumi.log.warn(
      `The service ${name} has no variables in stage ${stage}, so those in Dokploy stay as they are: ` +
        `make envs/${stage}/${name}.yaml, an empty one if it needs none.`,
      resource,
    );
  }
}
