import { posix } from "node:path";
import { z } from "zod";
import { visible } from "../../packages/text";
import { containsUnknown } from "../../packages/values";
import type { ApplicationDetail, ApplicationRow, Column } from "../dokploy";
import { dockerfilePath, listOf, service, serviceLabel } from "../engine";
import type { Problem } from "../errors";
import { withChecks } from "../lifecycle";
import { deployOption, type FieldSpec, forVariables, id, keptIn, nonEmptyText } from "../schema";
import { domain } from "./domain";
import { mount } from "./mount";
import { patch, patchProblems } from "./patch";
import { port } from "./port";
import { redirect } from "./redirect";
import { security } from "./security";
import { healthCheck, healthCheckProblems } from "./services/health-check";
import { previewHostPorts } from "./services/host-port";
import { identity } from "./services/identity";
import { announceRelease, release, releaseProblems } from "./services/release";
import { resourcesOf } from "./services/resources";
import { bitbucket, git, gitea, github, gitlab, sourceProblems } from "./services/sources";
import { swarmOf } from "./services/swarm";
import { warnOfNoEffect } from "./services/without-effect";
import { imageName, registryAddress } from "./types/addresses";
import { howToGiveTag, openPlaces, tagVariable } from "./types/image-tag";
import { codePath, commandName, traefikName, urlPath, wildcardHost } from "./types/text-types";

type Own = Column<"application">;
const { field, variables } = keptIn<"application">();

/** Facts about the inputs of an application in Dokploy; columns and defaults are those of Dokploy 0.30.2. */
const none = (column: Own, reset: unknown = null): FieldSpec<Own> => ({ column, apply: "none", reset });
const reloads = (column: Own, reset: unknown = null): FieldSpec<Own> => ({ column, apply: "reload", reset });
const rebuilds = (column: Own, reset: unknown = null): FieldSpec<Own> => ({
  column,
  apply: "deploy",
  minApply: "redeploy",
  reset,
});
const deploys = (column: Own, reset: unknown = null): FieldSpec<Own> => ({ column, apply: "deploy", reset });

const folder = (column: Own, reset: string | null = "/") => ({
  /** Folder to build. Default: `/`. */
  buildPath: field(codePath.optional(), deploys(column, reset)),
});

const source = field(
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("docker"),
      /** Image with its tag or digest, e.g. `ghcr.io/acme/api:1.4.2`. */
      image: field(imageName, deploys("dockerImage")),
      /** Host of the registry that the credentials below are for. Default: Docker Hub. */
      registryUrl: field(registryAddress.optional(), deploys("registryUrl")),
      /** User name for the registry. */
      username: field(z.string().optional(), { ...deploys("username"), secret: "maybe" }),
      /** Password or token for the registry. Secret. */
      password: field(z.string().optional(), { ...deploys("password"), secret: true }),
    }),
    z.strictObject({ ...git, ...folder("customGitBuildPath", null) }),
    z.strictObject({ ...github, ...folder("buildPath") }),
    z.strictObject({ ...gitlab, ...folder("gitlabBuildPath") }),
    z.strictObject({ ...bitbucket, ...folder("bitbucketBuildPath") }),
    z.strictObject({ ...gitea, ...folder("giteaBuildPath") }),
  ]),
  deploys("sourceType", undefined),
);

const cleanCache = {
  /** True to build without the cache of earlier builds. Default: false. */
  cleanCache: field(z.boolean().optional(), rebuilds("cleanCache", false)),
};
const publishDirectory = {
  /** Folder with the built site, which nginx serves. */
  publishDirectory: field(codePath.optional(), rebuilds("publishDirectory")),
};

/** Dokploy's name for each kind of build. */
const buildTypes: Readonly<Record<string, ApplicationRow["buildType"]>> = {
  dockerfile: "dockerfile",
  nixpacks: "nixpacks",
  railpack: "railpack",
  heroku: "heroku_buildpacks",
  paketo: "paketo_buildpacks",
  static: "static",
};

const build = field(
  z
    .discriminatedUnion("type", [
      z.strictObject({
        type: z.literal("dockerfile"),
        /** Path of the Dockerfile, relative to the build path. Default: `Dockerfile`. */
        dockerfile: field(codePath.optional(), rebuilds("dockerfile", "Dockerfile")),
        /**
         * Folder of the repository that is sent to the build; `.` is its root. Default: the folder of the Dockerfile;
         * in Dokploy 0.30.5 the root.
         */
        contextPath: field(codePath.optional(), rebuilds("dockerContextPath")),
        /** Stage of a multi-stage Dockerfile. Default: the last. */
        buildStage: field(commandName.optional(), rebuilds("dockerBuildStage")),
        ...cleanCache,
      }),
      z.strictObject({ type: z.literal("nixpacks"), ...publishDirectory, ...cleanCache }),
      z.strictObject({
        type: z.literal("railpack"),
        /** Version of Railpack. Default: `0.15.4`. */
        version: field(commandName.optional(), rebuilds("railpackVersion", "0.15.4")),
        ...cleanCache,
      }),
      z.strictObject({
        type: z.literal("heroku"),
        /** Version of the Heroku builder. Default: `24`. */
        version: field(commandName.optional(), rebuilds("herokuVersion", "24")),
      }),
      z.strictObject({ type: z.literal("paketo") }),
      z.strictObject({
        type: z.literal("static"),
        /** Folder with the site. Default: `.`. */
        publishDirectory: field(codePath.optional(), rebuilds("publishDirectory")),
        /** True to serve `index.html` for unknown paths. Default: false. */
        spa: field(z.boolean().optional(), rebuilds("isStaticSpa")),
      }),
    ])
    .optional(),
  {
    ...rebuilds("buildType", "nixpacks"),
    write: (type: string) => buildTypes[type],
    read: (column: string) => Object.keys(buildTypes).find((type) => buildTypes[type] === column),
  },
);

/** Preview deployments that Dokploy creates for pull requests. A change applies from the next one on. */
const preview = z
  .strictObject({
    /** True to create a preview deployment for each pull request. Default: false. */
    enabled: field(z.boolean().optional(), none("isPreviewDeploymentsActive", false)),
    /** Variables of the preview deployments at run time. When removed from the program, they stay as they are. */
    env: variables({ column: "previewEnv", target: "application", apply: "none" }),
    /** Docker build arguments of the preview deployments. When removed from the program, they stay as they are. */
    buildArgs: variables({ column: "previewBuildArgs", target: "build", apply: "none" }),
    /** Docker build secrets of the preview deployments. When removed from the program, they stay as they are. */
    buildSecrets: variables({ column: "previewBuildSecrets", target: "secret", apply: "none" }),
    /** Domain with a star instead of the name of the deployment, e.g. `*.preview.acme.dev`. */
    wildcard: field(wildcardHost.optional(), none("previewWildcard")),
    /** Port that the container listens on. Default: 3000. */
    port: field(z.number().int().min(1).max(65535).optional(), none("previewPort", 3000)),
    /** Path of the domain. Default: `/`. */
    path: field(urlPath.optional(), none("previewPath", "/")),
    /** True to serve the domain over HTTPS. Default: false. */
    https: field(z.boolean().optional(), none("previewHttps", false)),
    /** Source of the domain's certificate. Default: `none`. */
    certificateType: field(
      z.enum(["letsencrypt", "none", "custom"]).optional(),
      none("previewCertificateType", "none"),
    ),
    /** Name of Traefik's certificate resolver, for `certificateType: "custom"`. */
    customCertResolver: field(traefikName.optional(), none("previewCustomCertResolver")),
    /** Maximum number of preview deployments at a time. Default: 3. */
    limit: field(z.number().int().min(0).optional(), none("previewLimit", 3)),
    /** Labels of pull requests that are deployed; one of them is enough. Default: all pull requests. */
    labels: field(z.array(nonEmptyText).optional(), none("previewLabels")),
    /** True to deploy only pull requests of people who may write to the repository. Default: true. */
    requireCollaboratorPermissions: field(
      z.boolean().optional(),
      none("previewRequireCollaboratorPermissions", true),
    ),
  })
  .optional();

export const applicationSchema = z.strictObject({
  /** Id of the environment. A change moves the application. */
  environmentId: field(id, { apply: "deploy", minApply: "reload", looksItself: true }),
  ...identity,

  /** Source of the image or the code. */
  source,
  /**
   * Method that turns code into an image. Not allowed with `source.type: "docker"`, which builds nothing. Default:
   * nixpacks.
   */
  build,
  /** Id of the server that builds. Default: the server that the application runs on. */
  buildServerId: field(id.optional(), deploys("buildServerId")),
  /** Id of the registry to which the build server pushes the image. */
  buildRegistryId: field(id.optional(), deploys("buildRegistryId")),
  /**
   * Id of the registry to which built images are pushed, and from which the machines of a cluster pull them. The login
   * for a private image that is not built belongs in `source`.
   */
  registryId: field(id.optional(), deploys("registryId")),

  /**
   * Variables at run time. When left out, they are not touched. When removed from the program, they stay as they are
   * and are no longer managed. `{}` clears them.
   */
  env: variables({ column: "env", target: "application", apply: "deploy", minApply: "reload" }),
  /** Docker build arguments. When removed from the program, they stay as they are. */
  buildArgs: variables({ column: "buildArgs", target: "build", apply: "deploy", minApply: "redeploy" }),
  /** Docker build secrets (`--mount=type=secret,id=KEY`). When removed from the program, they stay as they are. */
  buildSecrets: variables({
    column: "buildSecrets",
    target: "secret",
    apply: "deploy",
    minApply: "redeploy",
  }),
  ...forVariables,
  /** True to write `env` into a `.env` file next to the Dockerfile. Default: true. */
  createEnvFile: field(z.boolean().optional(), rebuilds("createEnvFile", true)),

  /**
   * Command that runs in a new image before the application changes to it, such as a migration of its database: a text
   * for `sh -c`, or an object with options. It has the new variables, and the networks and mounts of
   * the application. When it fails, no part of the change is saved or deployed. It runs once for each image and command
   * after which it succeeded, and only for an image as the source.
   */
  release,

  /** Number of containers. Default: 1. */
  replicas: field(z.number().int().min(0).max(10_000).optional(), {
    ...reloads("replicas", 1),
    // Nothing is changed by hand more often. Swarm ignores the number where a mode is given.
    exportsDefault: ({ modeSwarm }) => modeSwarm === null || modeSwarm === undefined,
  }),
  /** Limits and reservations of each container. */
  resources: resourcesOf("reload").optional(),
  /** Command that replaces the image's own; split at single spaces, without quoting. */
  command: field(nonEmptyText.optional(), reloads("command")),
  /** Arguments of the command. */
  args: field(z.array(z.string()).optional(), reloads("args")),
  /**
   * Health check of the containers, such as `{ path: "/health", port: 3000, interval: "10s" }` or
   * `{ command: ["/app", "healthcheck"] }`. With one, a new container replaces the old one only after its check has
   * passed. Default: that of the image.
   */
  healthCheck,
  /**
   * Docker Swarm settings, with Docker's own names: capitalized keys. A duration is a text such as `10s`, `500ms` or
   * `1m30s`, or a number of nanoseconds.
   */
  swarm: swarmOf("reload").optional(),
  /** Ids of overlay networks that the containers join. */
  networkIds: field(z.array(id).optional(), reloads("networkIds", [])),
  /** True to leave Dokploy's own network. Default: false. */
  detachDokployNetwork: field(z.boolean().optional(), reloads("detachDokployNetwork", false)),

  /**
   * True to allow a change that replaces the application (`appNamePrefix`, `serverId`), although the new one lacks
   * variables, domains, ports, mounts and the like that others gave the former one. Otherwise the preview refuses such
   * a change, and names them. Default: false.
   */
  allowReplacement: field(z.boolean().optional(), { apply: "none" }),
  /** True to let Dokploy deploy on a push or a webhook. Default: true. */
  autoDeploy: field(z.boolean().optional(), none("autoDeploy", true)),
  /** Preview deployments that Dokploy creates for pull requests. A change applies from the next one on. */
  preview,
  /** True to keep images to roll back to. Default: false. */
  rollbackActive: field(z.boolean().optional(), none("rollbackActive", false)),
  /** Id of the registry that keeps the images to roll back to. */
  rollbackRegistryId: field(id.optional(), none("rollbackRegistryId")),

  /**
   * Domains of the application, each with the inputs of a {@link Domain}; a plan names each by its `host` and `path`.
   * They are saved before the deployment. A domain removed from the list is deleted; domains that others created stay.
   * When left out, no domain is touched.
   */
  domains: listOf(domain, "application"),
  /**
   * Mounts of the application, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They are
   * saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When left
   * out, no mount is touched.
   */
  mounts: listOf(mount, "application"),
  /**
   * Patches of the application, each with the inputs of a {@link Patch}; a plan names each by its `filePath`. They are
   * saved before the deployment. A patch removed from the list is deleted; patches that others created stay. When left
   * out, no patch is touched.
   */
  patches: listOf(patch, "application"),
  /**
   * Ports of the application, each with the inputs of a {@link Port}; a plan names each by its `publishedPort` and
   * `protocol`. They are saved before the deployment. A port removed from the list is deleted; ports that others created
   * stay. When left out, no port is touched.
   */
  ports: listOf(port, "application"),
  /**
   * Redirects of the application, each with the inputs of a {@link Redirect}; a plan names each by its `regex`. They
   * are saved before the deployment. A redirect removed from the list is deleted; redirects that others created stay.
   * When left out, no redirect is touched.
   */
  redirects: listOf(redirect, "application"),
  /**
   * Logins of the application, each with the inputs of a {@link Security}; a plan names each by its `username`. They
   * are saved before the deployment. A login removed from the list is deleted; logins that others created stay. When
   * left out, no login is touched.
   */
  security: listOf(security, "application"),

  /**
   * Deployment of a change; the update waits until it ends. `false` saves without applying. Default: the method
   * that the changed inputs need.
   */
  deploy: field(deployOption.optional(), { apply: "none" }),
  /** @internal Set by the resource option `import`. */
  import: field(id.optional(), { apply: "none", createOnly: true }),
});

export type ApplicationInputs = z.infer<typeof applicationSchema>;

const base = service<ApplicationInputs, ApplicationDetail>({
  kind: "Application",
  schema: applicationSchema,
  create: ({ sourceType }) => ({ sourceType }),
});

/**
 * An application: one image, pulled or built from code, that runs as a service of Docker Swarm.
 *
 * Creating or changing it saves the configuration, deploys once if the change needs it, and waits until that deployment
 * ends. When the deployment fails, `pulumi up` fails with the end of its log, and the next `pulumi up` deploys again.
 *
 * @example
 * ```ts
 * const api = new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { LOG_LEVEL: "info", DATABASE_URL: config.requireSecret("databaseUrl") },
 *   resources: { memoryLimit: "512MiB", cpuLimit: 0.5 },
 *   healthCheck: { path: "/health", port: 3000, interval: "10s" },
 *   domains: [{ host: "api.acme.dev", port: 3000, https: true, certificateType: "letsencrypt" }],
 * });
 * export const host = api.appName;
 * ```
 *
 * @example Adopt an application that was made in Dokploy's web interface
 * ```ts
 * new dokploy.Application(
 *   "api",
 *   { environmentId: shop.defaultEnvironmentId, name: "api", source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" } },
 *   { import: "PQqzqTGCVtx0St2SA3vCi" },
 * );
 * ```
 */
export const application = withChecks(base, {
  check(inputs, advise) {
    warnOfNoEffect("application", inputs, advise);
    return [
      ...patchProblems(inputs),
      ...codeProblems(inputs),
      ...healthCheckProblems(inputs),
      ...releaseProblems(inputs),
    ];
  },

  async preview(inputs, context, planned) {
    const { api, warn } = context;
    const { changes } = planned;
    await announceRelease(inputs, context, planned);
    if (changes.every(({ apply }) => apply === "none")) return [];
    await previewHostPorts(inputs, context, planned, port.model);
    const dockerfile = containsUnknown([inputs.source, inputs.build]) ? undefined : plannedDockerfile(inputs);
    const folder = posix.dirname(dockerfile ?? "");
    if (inputs.build?.type !== "dockerfile" || inputs.build.contextPath !== undefined || folder === ".")
      return [];
    if (!(await api.supports?.("dockerfile.context.unsure"))) return [];
    warn(
      `${serviceLabel("application", inputs.name)}: build.contextPath is not given. The folder that is sent to the build then depends on the version of ` +
        "Dokploy: in 0.30.5 it is the root of the repository, in all others the folder of the Dockerfile. Give " +
        `${JSON.stringify(visible(folder))}, or "." for the root, so that the image stays the same.`,
      "advice",
    );
    return [];
  },
});

/** Returns the mistakes in the source and the build. */
function codeProblems({ source, build }: Partial<ApplicationInputs>): Problem[] {
  if (source?.type === "git") return sourceProblems(source);
  if (source?.type !== "docker") return [];
  if (build !== undefined) {
    const reason =
      "has no effect on a source of type docker, whose image is pulled as it is: remove it, or build from code";
    return [{ property: "build", reason }];
  }
  // A program in JavaScript may give something else, which its type reports.
  const [open] = String(source.image ?? "").match(openPlaces) ?? [];
  if (open === undefined) return [];
  const remedy = howToGiveTag(open);
  const what = remedy === undefined ? open : `\${${tagVariable}}`;
  const reason = `contains ${what}, which has no value${remedy === undefined ? "" : `: ${remedy}`}`;
  return [{ property: "source.image", reason }];
}

function plannedDockerfile({ source, build }: ApplicationInputs): string | undefined {
  if (build?.type !== "dockerfile" || source.type === "docker") return undefined;
  return dockerfilePath(source.buildPath, build.dockerfile);
}
