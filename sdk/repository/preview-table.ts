import {
  byType,
  cpuUpTo,
  duration,
  either,
  fields,
  flag,
  image,
  type Limits,
  list,
  map,
  memoryUpTo,
  name,
  oneOf,
  path,
  pathInside,
  plain,
  host as registry,
  replicasUpTo,
  type Shape,
  text,
  value,
} from "../../packages/compose-checks/allowed";
import { textAt } from "../../packages/compose-checks/yaml";
import { sizeToBytes } from "../../provider/resources";
import type { AppKind } from "./app-schema";
import { previewsFileName } from "./preview-names";
import type { PreviewRules } from "./preview-schema";

/** Inputs that a preview never has, even if a file gives them. */
export const leftOut: ReadonlySet<string> = new Set([
  ...["ports", "externalPort", "externalGrpcPort", "externalAdminPort"],
  // The previews that Dokploy itself would make of it, and images to roll back to in a registry.
  ...["preview", "rollbackActive", "rollbackRegistryId", "icon"],
  // A preview has them as it needs them.
  ...["autoDeploy", "deleteVolumes", "allowReplacement", "allowReplacementOf"],
]);

/** Returns the limits of the rules. */
export function limitsOf({ limits = {} }: Pick<PreviewRules, "limits">): Limits {
  const { memory = "1GiB", cpu = 1, replicas = 3 } = limits;
  return { memory: Number(sizeToBytes(memory)), cpu, replicas };
}

const texts = list(value);
const number = text("a number", /^-?\d{1,18}(?:\.\d{1,9})?$/);
const variables = map("a name", /^[A-Za-z_][\w.-]*$/, value);
/**
 * The secrets of a build are variables of the command that Dokploy runs as root on the server. None of the names that a
 * shell, a loader or Docker reads there, such as PATH, ends like this.
 */
const secrets = map(
  "a name in capital letters that ends with TOKEN, KEY, SECRET or PASSWORD",
  /^(?:[A-Z][A-Z\d_]*_)?(?:TOKEN|KEY|SECRET|PASSWORD)$/,
  value,
);
const version = text("a version", /^\d{1,4}(?:\.\d{1,4}){0,2}$/);
/** A text in the files of Traefik, which knows templates: `{{`, and texts between backticks. */
const routeText = text("a text without braces, quotes and backticks", /^[\w .,:;/?&=%#@!~^$|()[\]*+<>\\-]*$/);
const route = text("a path of letters, digits and `/ . _ ~ % -`", /^\/[\w/.~%-]*$/);
/** A path with its query, which the health check requests inside the container. */
const request = text("a path of letters, digits and `/ . _ ~ % - ? = &`", /^\/[\w/.~%?=&-]*$/);
const branch = text("a branch", /^(?![-/])(?!.*\.\.)[\w./#@+-]{1,200}$/);

/**
 * All that a service file may say in a preview, by the names of its inputs. An input means the same in every kind of
 * service. It lacks inputs that a repository gives in other ways, such as the name.
 */
export function previewTable(
  kind: AppKind,
  rules: Pick<PreviewRules, "ids" | "repositories" | "limits">,
): Shape & { readonly fields: Readonly<Record<string, Shape>> } {
  const limits = limitsOf(rules);
  const memory = memoryUpTo(limits);
  const cpu = cpuUpTo(limits);
  const replicas = replicasUpTo(limits);
  const { ids: allowed = [], repositories = [] } = rules;
  const id = plain(`an id that \`ids\` of ${previewsFileName} names`, (written) => allowed.includes(written));
  const named = (written: string) => repositories.includes(written);
  const namedBy = `a repository that \`repositories\` of ${previewsFileName} names`;

  // Also a public one: Dokploy writes files into the code as root, and follows the links in it to the rest of the server.
  const repository = plain(namedBy, named);
  const code = { branch, buildPath: pathInside, watchPaths: texts };
  // A submodule is read with the login of the provider too, and may be any repository of the same host.
  const host = { owner: name, repository: name, ...code, submodules: oneOf("false") };
  const sources = byType({
    docker: { image, registryUrl: registry, username: value, password: value },
    git: {
      url: repository,
      sshKeyId: id,
      ...code,
      submodules: flag,
    },
    github: { githubId: id, ...host, trigger: oneOf("push", "tag") },
    gitlab: { gitlabId: id, ...host, projectId: number, pathNamespace: repository },
    bitbucket: { bitbucketId: id, ...host, repositorySlug: name },
    gitea: { giteaId: id, ...host },
  });
  const source: Shape = {
    ...sources,
    judge(node, place) {
      sources.judge(node, place);
      const owner = textAt(node, "owner");
      if (owner === undefined) return;
      for (const field of ["repository", "repositorySlug"]) {
        const repository = textAt(node, field);
        if (repository !== undefined && !named(`${owner}/${repository}`))
          place.refuse(`${field}: must be ${namedBy}, as \`owner/repository\``);
      }
    },
  };
  const update = fields({
    Parallelism: number,
    Order: oneOf("start-first", "stop-first"),
    Delay: duration,
    FailureAction: oneOf("continue", "pause", "rollback"),
    Monitor: duration,
    MaxFailureRatio: number,
  });
  const ids = list(id);
  const common = {
    description: value,
    // Dokploy finds its own containers by a part of their names.
    appNamePrefix: text("a name without `dokploy`", /^(?!.*dokploy)\w[\w.-]{0,127}$/i),
    serverId: id,
    overwriteVariables: flag,
    deploy: either({
      scalar: flag,
      map: fields({
        method: oneOf("deploy", "redeploy", "reload"),
        waitFor: oneOf("running", "deployed"),
        runningTimeoutSeconds: number,
        timeoutSeconds: number,
        rollbackOnFailure: flag,
      }),
    }),
    mounts: list(
      byType({
        volume: { volumeName: name, mountPath: path },
        file: { filePath: pathInside, mountPath: path, content: value },
      }),
    ),
  };
  const ofContainer = {
    replicas,
    resources: fields({
      memoryLimit: memory,
      memoryReservation: memory,
      cpuLimit: cpu,
      cpuReservation: cpu,
    }),
    command: value,
    args: texts,
    healthCheck: fields({
      path: request,
      port: number,
      command: either({ scalar: value, list: texts }),
      interval: duration,
      timeout: duration,
      retries: number,
      startPeriod: duration,
    }),
    swarm: fields({
      healthCheck: fields({
        Test: texts,
        Interval: duration,
        Timeout: duration,
        StartPeriod: duration,
        Retries: number,
      }),
      restartPolicy: fields({
        Condition: oneOf("none", "on-failure", "any"),
        Delay: duration,
        MaxAttempts: number,
        Window: duration,
      }),
      updateConfig: update,
      rollbackConfig: update,
      stopGracePeriodSeconds: number,
      endpointSpec: fields({ Mode: oneOf("vip", "dnsrr") }),
      ulimits: list(fields({ Name: oneOf("nofile", "memlock"), Soft: number, Hard: number })),
    }),
    networkIds: ids,
    detachDokployNetwork: flag,
  };
  const domains = list(
    fields({
      // The rules give another host to each.
      host: value,
      path: route,
      internalPath: route,
      port: number,
      serviceName: name,
      https: flag,
      certificateType: oneOf("none", "letsencrypt", "custom"),
      customCertResolver: name,
      stripPath: flag,
      enabled: flag,
      reachable: either({ scalar: flag, map: fields({ timeoutSeconds: number, path: route }) }),
    }),
  );
  const application = {
    ...common,
    ...ofContainer,
    source,
    // It runs in the image and the environment of the preview, like `command`.
    release: either({
      scalar: value,
      map: fields({
        command: either({ scalar: value, list: texts }),
        timeoutSeconds: number,
        onVariables: flag,
      }),
    }),
    // Not railpack: Dokploy gives the variables of the application, also PATH, to the commands that run on the server.
    build: byType({
      dockerfile: { dockerfile: pathInside, contextPath: pathInside, buildStage: name, cleanCache: flag },
      nixpacks: { publishDirectory: pathInside, cleanCache: flag },
      heroku: { version },
      paketo: {},
      static: { publishDirectory: pathInside, spa: flag },
    }),
    buildServerId: id,
    buildRegistryId: id,
    registryId: id,
    buildArgs: variables,
    buildSecrets: secrets,
    createEnvFile: flag,
    domains,
    patches: list(
      fields({
        filePath: pathInside,
        type: oneOf("update", "create", "delete"),
        content: value,
        enabled: flag,
      }),
    ),
    redirects: list(fields({ regex: routeText, replacement: routeText, permanent: flag })),
    security: list(fields({ username: name, password: value })),
  };
  const compose = {
    ...common,
    // Dokploy gives the variables of a stack to the command that runs on the server, and Swarm names its own by them.
    composeType: oneOf("docker-compose"),
    createEnvFile: flag,
    isolatedDeployment: flag,
    isolatedDeploymentsVolume: flag,
    serviceNetworks: list(fields({ serviceName: name, networkIds: ids, detachDokployNetwork: flag })),
    domains,
    checks: map("a rule", /^[a-z-]{1,40}$/, oneOf("off", "warn", "error")),
  };
  const database = {
    ...common,
    ...ofContainer,
    image,
    database: name,
    user: name,
    password: value,
    rootPassword: value,
    replicaSets: flag,
    node: oneOf("primary"),
    enableNamespaces: flag,
  };
  const shapes = kind === "application" ? application : kind === "compose" ? compose : database;
  return { ...fields(shapes), fields: shapes };
}
