import { z } from "zod";
import {
  type LacksService,
  ofDeletion,
  type RuleLevels,
  ruleLevels,
  saySame,
} from "../../packages/compose-checks/checks";
import { someOf, visible } from "../../packages/text";
import { containsUnknown, isRecord, isUnknown } from "../../packages/values";
import { type Column, type ComposeDetail, dialectOf, ifFound } from "../dokploy";
import {
  deployProblems,
  fileServices,
  listOf,
  removeService,
  type ServiceResourceOutputs,
  service,
} from "../engine";
import { type EnvDialect, MASK } from "../env";
import type { Problem } from "../errors";
import { type Advice, type Context, type Entity, withChecks } from "../lifecycle";
import {
  deployOption,
  type FieldSpec,
  forVariables,
  id,
  keptIn,
  Mapping,
  nonEmptyText,
  pathText,
} from "../schema";
import { assertReplaceable, wasRun } from "./compose/losses";
import { composeProblems } from "./compose/problems";
import { stillRunning } from "./compose/still-running";
import { domain } from "./domain";
import { mount } from "./mount";
import { patch, patchProblems } from "./patch";
import { identity } from "./services/identity";
import { bitbucket, git, gitea, github, gitlab, sourceProblems } from "./services/sources";
import { howToGiveTag, tagVariable } from "./types/image-tag";
import { codeFile, composeServiceName, dockerCommand, nameSuffix } from "./types/text-types";

type Own = Column<"compose">;
const { field, variables } = keptIn<"compose">();

/** Facts about the inputs of a compose service in Dokploy; columns and defaults are those of Dokploy 0.30.2. */
const none = (column: Own, reset: unknown = null): FieldSpec<Own> => ({ column, apply: "none", reset });
const deploys = (column: Own, reset: unknown): FieldSpec<Own> => ({ column, apply: "deploy", reset });
const redeploys = (column: Own, reset: unknown): FieldSpec<Own> => ({
  column,
  apply: "deploy",
  minApply: "redeploy",
  reset,
});

/** Returns the dialect of the variables. The type of an existing service counts, not the one in the program. */
function targetOf(
  inputs: { composeType?: unknown; import?: unknown },
  row?: { composeType?: unknown },
): EnvDialect | readonly [EnvDialect, EnvDialect] {
  const type = row?.composeType ?? inputs.composeType;
  const mayBeEither = isUnknown(type) || (type === undefined && inputs.import !== undefined);
  if (mayBeEither) return ["compose", "stack"];
  return type === "stack" ? "stack" : "compose";
}

const composePath = {
  /** Path of the compose file in the repository. Default: `./docker-compose.yml`. */
  composePath: field(codeFile.optional(), deploys("composePath", "./docker-compose.yml")),
};

/** Returns true if two files differ only in comments and the like, which reach no container. */
function saysSame(before: string, after: string): boolean {
  return saySame(before, after);
}

const source = field(
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("raw"),
      /**
       * Text of the compose file. A change that only affects comments or layout is saved without a deployment. The text
       * that the server returns is treated as a secret, since it may hold some.
       */
      composeFile: field(nonEmptyText, { ...deploys("composeFile", ""), secret: "maybe", saysSame }),
      /** Name of the compose file, e.g. `services/cache/compose.yaml`; messages about the file begin with it. */
      file: field(nonEmptyText.optional(), { apply: "none", checkOnly: "quietly" }),
    }),
    z.strictObject({ ...git, ...composePath }),
    z.strictObject({ ...github, ...composePath }),
    z.strictObject({ ...gitlab, ...composePath }),
    z.strictObject({ ...bitbucket, ...composePath }),
    z.strictObject({ ...gitea, ...composePath }),
  ]),
  deploys("sourceType", undefined),
);

/** Levels of rules; the check reports unknown names, since it lists the known ones. */
const ruleLevelMap = z.record(z.string(), z.enum(ruleLevels)) as unknown as z.ZodType<RuleLevels>;

export const composeSchema = z.strictObject({
  /** Id of the environment. A change moves the service. */
  environmentId: field(id, { apply: "deploy", minApply: "redeploy", looksItself: true }),
  ...identity,
  /** Type: `docker-compose`, or `stack` for a Swarm stack. A change replaces the service. Default: `docker-compose`. */
  composeType: field(z.enum(["docker-compose", "stack"]).optional(), {
    column: "composeType",
    apply: "none",
    reset: "docker-compose",
    replace: true,
  }),

  /** Source of the compose file. */
  source,
  /**
   * Variables for the compose file: `${NAME}` in it, or `env_file: .env`. When left out, they are not touched. When
   * removed from the program, they stay as they are and are no longer managed. `{}` clears them.
   */
  env: variables({ column: "env", target: targetOf, apply: "deploy", minApply: "redeploy" }),
  /**
   * True to write `env` into a `.env` file next to the compose file; with `false` no variable is passed. Default: true.
   */
  createEnvFile: field(z.boolean().optional(), redeploys("createEnvFile", true)),
  /** Command line that follows `docker`, instead of Dokploy's own, e.g. `compose -p shop up -d`. */
  command: field(dockerCommand.optional(), redeploys("command", "")),
  /**
   * True to add `suffix` to the names of networks, volumes and so on, so that several copies can run. Default: false.
   */
  randomize: field(z.boolean().optional(), deploys("randomize", false)),
  /** Suffix that `randomize` adds. */
  suffix: field(nameSuffix.optional(), deploys("suffix", "")),
  /** True to give the service its own networks. Default: false. */
  isolatedDeployment: field(z.boolean().optional(), deploys("isolatedDeployment", false)),
  /** True to give the service its own volumes too. Default: false. */
  isolatedDeploymentsVolume: field(z.boolean().optional(), deploys("isolatedDeploymentsVolume", false)),
  /** Networks that individual services of the compose file join. A change replaces the whole list. */
  serviceNetworks: field(
    z
      .array(
        z.strictObject({
          /** Name of the service in the compose file. */
          serviceName: composeServiceName,
          /** Ids of the networks that it joins. */
          networkIds: z.array(id),
          /** True to leave Dokploy's own network. */
          detachDokployNetwork: z.boolean(),
        }),
      )
      .optional(),
    deploys("serviceNetworks", []),
  ),

  /** True to let Dokploy deploy on a push or a webhook. Default: true. */
  autoDeploy: field(z.boolean().optional(), none("autoDeploy", true)),
  /**
   * True to delete the volumes and their data together with the service. Dokploy deletes the folder `../files` in any
   * case. Default: false.
   */
  deleteVolumes: field(z.boolean().optional(), { apply: "none" }),
  /**
   * True to allow a change that replaces the service (`composeType`, `serverId`, `appNamePrefix`), although this
   * deletes the files in `../files`, the new service begins with empty volumes, and it lacks variables, domains and
   * mounts that others gave the former one. Otherwise the preview refuses such a change if any of these would be lost.
   * Default: false.
   */
  allowReplacement: field(z.boolean().optional(), { apply: "none" }),
  /**
   * Domains of the compose service, each with the inputs of a {@link Domain}; a plan names each by its `host` and
   * `path`. They are saved before the deployment. A domain removed from the list is deleted; domains that others created
   * stay. When left out, no domain is touched.
   */
  domains: listOf(domain, "compose"),
  /**
   * Mounts of the compose service, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They
   * are saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When
   * left out, no mount is touched.
   */
  mounts: listOf(mount, "compose"),
  /**
   * Patches of the compose service, each with the inputs of a {@link Patch}; a plan names each by its `filePath`. They
   * are saved before the deployment. A patch removed from the list is deleted; patches that others created stay. When
   * left out, no patch is touched.
   */
  patches: listOf(patch, "compose"),

  ...forVariables,
  /**
   * Deployment of a change; the update waits until it ends. `false` saves without applying. Default: the method
   * that the changed inputs need.
   */
  deploy: field(deployOption.optional(), { apply: "none" }),
  /**
   * Levels of the checks of a raw compose file at preview: `off`, `warn` or `error` by the name of the rule, e.g.
   * `{ "latest-tag": "error" }`. Default: the setting `dokploy:composeChecks`, or else the level of the rule.
   */
  checks: field(ruleLevelMap.optional(), { apply: "none", checkOnly: true }),
  /** @internal Set by the resource option `import`. */
  import: field(id.optional(), { apply: "none", createOnly: true }),
});

export type ComposeInputs = z.infer<typeof composeSchema>;

const mapping = new Mapping(composeSchema);

const base = withChecks(
  service<ComposeInputs, ComposeDetail>({
    kind: "Compose",
    schema: composeSchema,
    create: ({ sourceType, composeType = "docker-compose" }) => ({ sourceType, composeType }),
  }),
  {
    check: (inputs, advise, resource) => [
      ...deployProblems("compose", inputs.deploy),
      ...tagProblems(inputs.env),
      ...sourceProblems(inputs.source),
      ...patchProblems(inputs),
      ...fileProblems(inputs, advise),
      ...domainProblems(inputs, servicesOf(inputs, advise, resource)),
      ...keptVolumes(inputs, advise),
      ...idleSuffix(inputs, advise),
    ],

    async preflight(inputs, context, { replaced }) {
      if (replaced) await assertReplaceable(replaced, inputs, context);
    },

    /** Reports containers that the deployment of a change leaves running. */
    async preview(inputs, { reads, warn, run }, { id, adopted, olds, changes }) {
      const composeId = id ?? adopted;
      if (composeId === undefined || inputs.deploy === false || containsUnknown(inputs)) return [];
      if (changes.every(({ apply }) => apply === "none")) return [];
      const row = await ifFound(reads.call("compose.one", { composeId }));
      if (row === undefined) return [];
      const delta = mapping.in(await dialectOf(reads)).delta(row, inputs, olds?.inputs);
      const remaining = runningWithoutProfile(row, { ...row, ...delta }, run.secrets);
      if (remaining !== undefined)
        warn(`Compose "${visible(row.name)}" (${composeId}): ${remaining}.`, "keeps-running");
      return [];
    },
  },
);

/**
 * A compose service: the containers of one compose file, or a Swarm stack.
 *
 * Deleting it keeps named volumes, unless `deleteVolumes` is set. Dokploy always deletes its folder `../files`, so do
 * not keep data there. A raw compose file is checked at preview: a mistake that would make the deployment fail
 * is an error with line and column, and advice is a warning (docs/everyday/compose-checks.md).
 *
 * @example
 * ```ts
 * new dokploy.Compose("cache", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "cache",
 *   source: dokploy.composeFile("services/cache/compose.yaml"),
 *   env: { REDIS_PASSWORD: config.requireSecret("redisPassword") },
 * });
 * ```
 */
export const compose: Entity<ComposeInputs, ServiceResourceOutputs> = {
  ...base,

  async create(inputs, context) {
    const created = await base.create(inputs, context);
    servicesOf(inputs, () => context, created.id);
    return created;
  },

  async delete(composeId, inputs, { api, warn, removesVolumes }) {
    // Always a JSON boolean: Dokploy treats the text "false" as true.
    const deleteVolumes = inputs.deleteVolumes === true;
    const options = { deleteVolumes };
    const { row } = (await removeService<ComposeDetail>("compose", composeId, inputs, api, options)) ?? {};
    if (row === undefined || !wasRun(row) || (removesVolumes && row.composeType === "stack")) return;
    const fate = ofDeletion(row, deleteVolumes);
    if (fate !== undefined)
      warn(`Compose "${visible(inputs.name)}" (${composeId}) is deleted, and ${fate}.`, "data");
  },
};

/** Returns the mistakes in the file. A warning quotes the file, unless the program marked it as secret. */
function fileProblems(inputs: Partial<ComposeInputs>, advise: () => Advice | undefined): Problem[] {
  return composeProblems(inputs, () => {
    const context = advise();
    const file = inputs.source?.type === "raw" ? inputs.source.composeFile : undefined;
    if (context === undefined || file === undefined) return context;
    const { secrets } = context.run;
    return { ...context, warn: (text, ...coded) => context.warn(secrets.hidePieces(text, file), ...coded) };
  });
}

/**
 * Returns mistakes in the domains. Dokploy refuses to deploy a file while a domain names a service that the file does
 * not have.
 */
function domainProblems({ domains }: Partial<ComposeInputs>, lacks: LacksService | undefined): Problem[] {
  if (lacks === undefined || !isRecord(domains)) return [];
  return Object.entries(domains).flatMap(([name, domain]) => {
    // The schema reports a wrong type.
    if (!isRecord(domain)) return [];
    const { serviceName, enabled } = domain;
    if (typeof serviceName !== "string" || serviceName === "" || isUnknown(serviceName)) return [];
    const reason = enabled === false || isUnknown(enabled) ? undefined : lacks(serviceName);
    return reason === undefined ? [] : [{ property: `${pathText(["domains", name])}.serviceName`, reason }];
  });
}

/**
 * Returns a check for services that the file does not have, which other resources of the run use too.
 *
 * @param owner identity of the resource, or the id of a new object: not every program says which resource has the id
 */
function servicesOf(
  { source, ...naming }: Partial<ComposeInputs>,
  advise: () => Context | undefined,
  owner: string,
): LacksService | undefined {
  if (source?.type !== "raw") return undefined;
  const { composeFile } = source;
  const run = advise()?.run;
  const lacks = fileServices({ ...naming, composeFile }, run?.secrets.wasMarked(composeFile) === true);
  run?.ownership.fileServices.set(owner, lacks);
  return lacks;
}

/** Returns the end of a sentence about containers whose profile a deployment no longer requests. */
function runningWithoutProfile(
  before: ComposeDetail,
  after: ComposeDetail,
  secrets: Context["run"]["secrets"],
): string | undefined {
  if (!wasRun(before) || !/\bprofiles\b/.test(after.composeFile)) return undefined;
  const names = stillRunning(before, after);
  if (names.length === 0) return undefined;
  const some = someOf(names.map((name) => `"${visible(name)}"`));
  const which = secrets.wasMarked(after.composeFile) ? MASK : some;
  return (
    `the containers of ${which} keep running: their profile is no longer requested, and Compose stops only ` +
    "services that are no longer in the file. Stop them in Dokploy, or remove them from the file"
  );
}

/** Warns that a stack keeps its volumes even with `deleteVolumes`. */
function keptVolumes(
  { composeType, deleteVolumes }: Partial<ComposeInputs>,
  advise: () => Advice | undefined,
): Problem[] {
  if (composeType === "stack" && deleteVolumes === true) {
    advise()?.warn(
      "deleteVolumes does nothing for a stack: Dokploy removes only its services and networks. Its " +
        "volumes stay; remove them with `docker volume rm`.",
      "data",
    );
  }
  return [];
}

/** Warns of a suffix that Dokploy adds to nothing. */
function idleSuffix(
  { suffix = "", randomize, isolatedDeployment }: Partial<ComposeInputs>,
  advise: () => Advice | undefined,
): Problem[] {
  if (
    suffix !== "" &&
    randomize !== true &&
    isolatedDeployment !== true &&
    !containsUnknown([randomize, isolatedDeployment])
  )
    advise()?.warn("suffix has no effect without randomize: true.", "advice");
  return [];
}

/** A deployment repository writes the name of a setting instead of the tag, where nothing gives one. */
function tagProblems(env: ComposeInputs["env"]): Problem[] {
  const remedy = howToGiveTag(env?.[tagVariable] ?? "");
  if (remedy === undefined) return [];
  return [{ property: `env.${tagVariable}`, reason: `has no value: ${remedy}` }];
}
