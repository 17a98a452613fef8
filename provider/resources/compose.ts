import { z } from "zod";
import type * as Losses from "../../packages/compose-checks/checks/losses";
import { type RuleLevels, ruleLevels } from "../../packages/compose-checks/checks/rules";
import type * as Same from "../../packages/compose-checks/checks/same";
import type { LacksService } from "../../packages/compose-checks/checks/service-names";
import { someOf } from "../../packages/text/names";
import { visible } from "../../packages/text/visible";
import { fileServices } from "../compose/file-services";
import type * as LeftRunning from "../compose/left-running";
import { composeProblems } from "../compose/problems";
import type { Column } from "../dokploy/columns";
import type { ComposeDetail } from "../dokploy/rows";
import { writeEnv } from "../env/codec";
import type { EnvDialect } from "../env/dialects";
import { expectedOfStack } from "../env-hosts/running";
import type { Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Definition } from "../lifecycle/definition";
import { MASK } from "../masking/mask";
import { isRecord, isUnknown } from "../pulumi/unknown";
import { deployOption, type FieldSpec, forVariables, id, keptIn, text } from "../schema/fields";
import { pathText } from "../schema/type-problems";
import { reloadProblems } from "../services/deployable";
import { identity } from "../services/identity";
import type { ServiceResourceOutputs } from "../services/model";
import { serviceDefinition } from "../services/service";
import { bitbucket, git, gitea, github, gitlab, sourceProblems } from "../services/sources";
import { InlineParts } from "../simple/inline";
import { listOf } from "../simple/lists";
import { domain } from "./domain";
import { mount } from "./mount";
import { patch } from "./patch";

type Own = Column<"compose">;
const { field, variables } = keptIn<"compose">();

/** How Dokploy keeps the inputs of a compose service; columns and defaults are those of Dokploy 0.30.2. */
const none = (column: Own, reset: unknown = null): FieldSpec<Own> => ({ column, apply: "none", reset });
const deploys = (column: Own, reset: unknown): FieldSpec<Own> => ({ column, apply: "deploy", reset });
const redeploys = (column: Own, reset: unknown): FieldSpec<Own> => ({
  column,
  apply: "deploy",
  minApply: "redeploy",
  reset,
});

/** Who runs it decides how its variables are read. What is there already is what it is, whatever the program says. */
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
  composePath: field(text.optional(), deploys("composePath", "./docker-compose.yml")),
};

/** Comments and the like reach no container. */
function saysSame(before: string, after: string): boolean {
  const { saySame } = require("../../packages/compose-checks/checks/same") as typeof Same;
  return saySame(before, after);
}

const source = field(
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("raw"),
      /**
       * The compose file itself. A change of its comments and layout alone is saved without a deployment. Treated as a secret on
       * the way back from the server, since it may hold some.
       */
      composeFile: field(text, { ...deploys("composeFile", ""), secret: "maybe", saysSame }),
      /** Name of the compose file, e.g. `services/cache/compose.yaml`: what is said of the file begins with it. */
      file: field(text.optional(), { apply: "none", checkOnly: true }),
    }),
    z.strictObject({ ...git, ...composePath }),
    z.strictObject({ ...github, ...composePath }),
    z.strictObject({ ...gitlab, ...composePath }),
    z.strictObject({ ...bitbucket, ...composePath }),
    z.strictObject({ ...gitea, ...composePath }),
  ]),
  deploys("sourceType", undefined),
);

/** Names of rules are left to the check, which lists them. */
const ruleLevelMap = z.record(z.string(), z.enum(ruleLevels)) as unknown as z.ZodType<RuleLevels>;

export const composeSchema = z.strictObject({
  /** The environment it belongs to. A change moves the service. */
  environmentId: field(id, { apply: "deploy", minApply: "redeploy", looksItself: true }),
  ...identity,
  /** `docker-compose` or a Swarm `stack`. A change makes a new service. Default: `docker-compose`. */
  composeType: field(z.enum(["docker-compose", "stack"]).optional(), {
    column: "composeType",
    apply: "none",
    reset: "docker-compose",
    replace: true,
  }),

  /** Where the compose file comes from. */
  source,
  /**
   * Variables for the compose file: `${NAME}` in it, or `env_file: .env`. Left out, they are not touched; taken out
   * of the program, they stay as they are and are no longer managed. `{}` clears them.
   */
  env: variables({ column: "env", target: targetOf, apply: "deploy", minApply: "redeploy" }),
  /** Write `env` into a `.env` file beside the compose file; without it nothing is passed. Default: true. */
  createEnvFile: field(z.boolean().optional(), redeploys("createEnvFile", true)),
  /** Replaces what stands behind `docker` on the command line, e.g. `compose -p shop up -d`. */
  command: field(
    text
      .regex(/^[^;|`$(){}<>\n\\]*$/, "must not have any of ; | ` $ ( ) { } < > \\ or line breaks")
      .optional(),
    redeploys("command", ""),
  ),
  /** Add `suffix` to the names of networks, volumes and so on, so that several copies can run. Default: false. */
  randomize: field(z.boolean().optional(), deploys("randomize", false)),
  /** The suffix that `randomize` adds. */
  suffix: field(z.string().optional(), deploys("suffix", "")),
  /** Give the service networks of its own. Default: false. */
  isolatedDeployment: field(z.boolean().optional(), deploys("isolatedDeployment", false)),
  /** Give it volumes of its own too. Default: false. */
  isolatedDeploymentsVolume: field(z.boolean().optional(), deploys("isolatedDeploymentsVolume", false)),
  /** Networks that single services of the file join. The list is replaced as a whole. */
  serviceNetworks: field(
    z
      .array(
        z.strictObject({
          /** Name of the service in the compose file. */
          serviceName: text,
          /** Ids of the networks it joins. */
          networkIds: z.array(id),
          /** Leave Dokploy's own network. */
          detachDokployNetwork: z.boolean(),
        }),
      )
      .optional(),
    deploys("serviceNetworks", []),
  ),

  /** Let Dokploy deploy on a push or a webhook. Default: true. */
  autoDeploy: field(z.boolean().optional(), none("autoDeploy", true)),
  /**
   * Delete the volumes together with the service. What is in them is then lost. What is in `../files` is lost either way:
   * Dokploy deletes that folder with the service. Default: false.
   */
  deleteVolumes: field(z.boolean().optional(), { apply: "none" }),
  /**
   * Let a change that makes a new service (`composeType`, `serverId`, `appNamePrefix`) delete what the present one keeps in
   * `../files`, and begin with empty volumes. Default: false, and such a change is refused at preview where that loses
   * something.
   */
  allowReplacement: field(z.boolean().optional(), { apply: "none" }),
  /**
   * Domains of the compose service, each with the inputs of a {@link Domain}: plans name it by its `host` and `path`. They
   * are saved before the one deployment. A domain that leaves the list is removed; domains that others made stay. Without
   * the list, none is touched.
   */
  domains: listOf(domain, "compose"),
  /**
   * Mounts of the compose service, each with the inputs of a {@link Mount}: plans name it by its `mountPath`. They are saved
   * before the one deployment. A mount that leaves the list is removed; mounts that others made stay. Without the list, none
   * is touched.
   */
  mounts: listOf(mount, "compose"),
  /**
   * Patches of the compose service, each with the inputs of a {@link Patch}: plans name it by its `filePath`. They are saved
   * before the one deployment. A patch that leaves the list is removed; patches that others made stay. Without the list,
   * none is touched.
   */
  patches: listOf(patch, "compose"),

  ...forVariables,
  /**
   * How a change is applied: Dokploy is told to deploy, and the deployment is followed to its end. `false` saves
   * without applying. Default: what the changed inputs need.
   */
  deploy: field(deployOption.optional(), { apply: "none" }),
  /**
   * Levels of the checks of a raw compose file at preview: `off`, `warn` or `error` by the name of the rule, e.g.
   * `{ "latest-tag": "error" }`. Default: what the setting `dokploy:composeChecks` says, else that of the rule.
   */
  checks: field(ruleLevelMap.optional(), { apply: "none", checkOnly: true }),
  /** @internal Set by the resource option `import`. */
  import: field(id.optional(), { apply: "none", createOnly: true }),
});

export type ComposeInputs = z.infer<typeof composeSchema>;
export type ComposeOutputs = ServiceResourceOutputs;

const service = serviceDefinition<ComposeInputs, ComposeDetail>({
  kind: "Compose",
  service: "compose",
  schema: composeSchema,
  parts: new InlineParts("compose", composeSchema),
  textFields: ["env"],

  check: (inputs, advise, resource) => [
    ...reloadProblems(inputs.deploy),
    ...tagProblems(inputs.env),
    ...sourceProblems(inputs.source),
    ...fileProblems(inputs, advise),
    ...domainProblems(inputs, servicesOf(inputs, advise, resource)),
    ...keptVolumes(inputs, advise),
  ],
  // At preview it may not be known yet.
  stackFile: ({ source }) =>
    source?.type === "raw" && !isUnknown(source.composeFile) ? source.composeFile : undefined,

  make: async (inputs, api) => {
    const { composeId, appName } = await api.call("compose.create", {
      name: inputs.name,
      environmentId: inputs.environmentId,
      sourceType: inputs.source.type,
      composeType: inputs.composeType ?? "docker-compose",
      ...(inputs.appNamePrefix === undefined ? {} : { appName: inputs.appNamePrefix }),
      ...(inputs.serverId === undefined ? {} : { serverId: inputs.serverId }),
    });
    return { id: composeId, appName };
  },
  observe: (composeId, api) => api.call("compose.one", { composeId }),
  save: (composeId, columns, api) => api.call("compose.update", { composeId, ...columns }),
  assertSupported: (columns, api) => api.assertSupported?.("compose.update", { composeId: "", ...columns }),
  move: (composeId, targetEnvironmentId, api) => api.call("compose.move", { composeId, targetEnvironmentId }),
  // A JSON boolean, always: Dokploy takes the text "false" for true.
  async remove(composeId, inputs, { api, warn }) {
    const deleteVolumes = inputs.deleteVolumes === true;
    const row = await api.call("compose.delete", { composeId, deleteVolumes });
    const fate = row && wasRun(row) ? losses().ofDeletion(row, deleteVolumes) : undefined;
    if (fate !== undefined) warn(`Compose "${visible(inputs.name)}" (${composeId}) is deleted, and ${fate}.`);
  },
  status: (row) => row.composeStatus,
  checkReplacement: replacementOf,
  leaves(before, after, secrets) {
    if (!wasRun(before) || !/\bprofiles\b/.test(after.composeFile)) return undefined;
    const { leftRunning } = require("../compose/left-running") as typeof LeftRunning;
    const names = leftRunning(before, after);
    if (names.length === 0) return undefined;
    const some = someOf(names.map((name) => `"${visible(name)}"`));
    const which = secrets.wasMarked(after.composeFile) ? MASK : some;
    return (
      `the containers of ${which} run on: nothing asks for their profile any more, and Compose stops only ` +
      "what is no longer in the file. Stop them in Dokploy, or take them out of the file"
    );
  },
  running: (inputs, row) => {
    const composeType = row?.composeType ?? inputs.composeType;
    const env = inputs.env ? writeEnv(inputs.env, "stack") : row?.env;
    return {
      serverId: inputs.serverId ?? row?.serverId,
      composeType,
      ...(composeType === "stack" && inputs.source.type === "raw"
        ? {
            expected: expectedOfStack(
              inputs.source.composeFile,
              inputs.createEnvFile !== false,
              env,
              row?.environment,
            ),
          }
        : {}),
    };
  },
});

export const compose: Definition<ComposeInputs, ComposeOutputs> = {
  ...service,
  volumes({ source, ...inputs }, { appName }) {
    const file = source?.type === "raw" ? source.composeFile : undefined;
    if (typeof file !== "string" || isUnknown(file) || appName === undefined) return [];
    return losses()
      .volumesOf({ ...inputs, appName }, file)
      .map(({ name, keptBy }) => ({ name, isOwn: keptBy === "service" }));
  },
};

/** A warning about the file quotes it: of one that the program marked as secret it shows no word. */
function fileProblems(inputs: Partial<ComposeInputs>, advise: () => Context | undefined): Problem[] {
  return composeProblems(inputs, () => {
    const context = advise();
    const file = inputs.source?.type === "raw" ? inputs.source.composeFile : undefined;
    if (context === undefined || file === undefined) return context;
    const { secrets } = context.claims;
    return { ...context, warn: (message: string) => context.warn(secrets.hidePieces(message, file)) };
  });
}

/** Dokploy refuses to deploy a file while a domain reaches a service that is not in it. */
function domainProblems({ domains }: Partial<ComposeInputs>, lacks: LacksService | undefined): Problem[] {
  if (lacks === undefined || !isRecord(domains)) return [];
  return Object.entries(domains).flatMap(([name, domain]) => {
    // Of a wrong type the schema tells.
    if (!isRecord(domain)) return [];
    const { serviceName, enabled } = domain;
    if (typeof serviceName !== "string" || serviceName === "" || isUnknown(serviceName)) return [];
    const reason = enabled === false || isUnknown(enabled) ? undefined : lacks(serviceName);
    return reason === undefined ? [] : [{ property: `${pathText(["domains", name])}.serviceName`, reason }];
  });
}

/** Prepares the check of names against the services of the file, also for other resources of the run. */
function servicesOf(
  { source, ...naming }: Partial<ComposeInputs>,
  advise: () => Context | undefined,
  resource: string,
): LacksService | undefined {
  if (source?.type !== "raw") return undefined;
  const { composeFile } = source;
  const claims = advise()?.claims;
  const lacks = fileServices({ ...naming, composeFile }, claims?.secrets.wasMarked(composeFile) === true);
  claims?.fileServices.set(resource, lacks);
  return lacks;
}

/** What deleting the service before a new one is made in its place loses, and whether the program has agreed to it. */
function replacementOf(
  row: ComposeDetail,
  { allowReplacement, serverId, mounts = {} }: ComposeInputs,
  { deleteVolumes }: Partial<ComposeInputs>,
): { problem?: string; warning?: string } {
  if (!wasRun(row)) return {};
  const isMoved = (serverId ?? null) !== row.serverId;
  const written = Object.values(mounts).flatMap(({ filePath }) =>
    typeof filePath === "string" && !isUnknown(filePath) ? [filePath] : [],
  );
  const loss = losses().ofReplacement(row, { isMoved, deleteVolumes: deleteVolumes === true, written });
  if (loss === undefined) return {};
  return allowReplacement === true
    ? { warning: loss }
    : {
        problem:
          `this change deletes the service and makes a new one. ${loss}. Take the change back; or copy what is there, ` +
          "or see that it is not needed, and set allowReplacement: true",
      };
}

/** False where nothing was ever written. */
function wasRun({ deployments, composeStatus }: ComposeDetail): boolean {
  return deployments.length > 0 || composeStatus !== "idle";
}

/** With the YAML library, which other resources do without. */
function losses(): typeof Losses {
  return require("../../packages/compose-checks/checks/losses") as typeof Losses;
}

/** Tells that a stack keeps its volumes, whatever the program asks for. */
function keptVolumes(
  { name, composeType, deleteVolumes }: Partial<ComposeInputs>,
  advise: () => Context | undefined,
): Problem[] {
  if (composeType === "stack" && deleteVolumes === true) {
    const label = typeof name === "string" && !isUnknown(name) ? `Compose "${visible(name)}"` : "Compose";
    advise()?.warn(
      `${label}: deleteVolumes does nothing for a stack: Dokploy removes its services and networks alone. Its volumes ` +
        "stay; remove them with `docker volume rm`.",
    );
  }
  return [];
}

/** A deployment repository writes the name of the tag in the place of its value, where nothing gives one. */
function tagProblems(env: ComposeInputs["env"]): Problem[] {
  if (env?.["IMAGE_TAG"] !== "${IMAGE_TAG}") return [];
  const reason = "has no value: set dokploy:imageTag, or DOKPLOY_IMAGE_TAG for this run";
  return [{ property: "env.IMAGE_TAG", reason }];
}
