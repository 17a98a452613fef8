/** Features of services that a row of the table switches on or off. */
export const features = [
  "protect",
  "generate",
  "secret",
  "manager",
  "release",
  "imageOf",
  "healthCheck",
  "ref",
  "shared",
  "replicas",
  "limits",
  "hostPort",
  "volume",
  "file",
  "domain",
  "login",
  "schedule",
  "database",
  "backup",
  "bucket",
  "compose",
  "contract",
  "registry",
  "goesBack",
  "stopsFirst",
  "command",
  "adopted",
] as const;

export type Feature = (typeof features)[number];
export type Features = Readonly<Record<Feature, boolean>>;

/** False for features that mean nothing together. */
export function makesSense({ backup, bucket, database, stopsFirst, hostPort }: Partial<Features>): boolean {
  // A port in host mode needs a stop before the start, which the checks of the plan ask for.
  return (
    !(backup && database === false) && !(bucket && backup === false) && !(hostPort && stopsFirst === false)
  );
}

/** Secrets of the stacks. */
export const canaries = {
  partner: "canary-partner-1",
  basicAuth: "canary-basic-auth",
  registryPassword: "canary-registry",
  s3Key: "canary-s3-key",
  managed: "canary-managed",
} as const;

/** The program of these features. */
export function programOf({ bucket }: Features): string {
  if (!bucket) return 'new dokploy.DeploymentRepository("shop");';
  return `
    const config = new pulumi.Config();
    const isPreview = new pulumi.Config("dokploy").get("preview") !== undefined;
    const bucket = isPreview ? undefined : new dokploy.Destination("main", {
      name: "main-" + pulumi.getStack(), bucket: "acme", accessKey: "acme", secretAccessKey: config.requireSecret("s3Key"),
    });
    new dokploy.DeploymentRepository("shop", { destinations: bucket ? { main: bucket.id } : {} });`;
}

/** Names of the services, which a rename changes. */
export interface Names {
  readonly api: string;
  readonly worker: string;
}

/** Returns the files of a repository with these features. */
export function filesOf(
  on: Features,
  { api, worker }: Names = { api: "api", worker: "worker" },
): Record<string, string> {
  const lines = (...parts: readonly (readonly [unknown, string])[]) =>
    `${parts.flatMap(([is, line]) => (is ? [line] : [])).join("\n")}\n`;
  const host = (stage: string) => `    domains: [{ host: ${stage}.shop.example.com, port: 3000 }]`;
  const mounts = [
    ...(on.volume ? ["{ type: volume, volumeName: uploads-STAGE, mountPath: /uploads }"] : []),
    ...(on.file ? ['{ type: file, filePath: app.toml, mountPath: /etc/app.toml, content: "a = 1" }'] : []),
  ];
  const port = (published: number) =>
    `    ports: [{ publishedPort: ${published}, targetPort: 25, publishMode: host }]`;
  const ofStage = (stage: string, published: number) =>
    lines(
      [true, `  ${stage}:`],
      [on.domain, host(stage)],
      [on.hostPort, port(published)],
      [mounts.length > 0, `    mounts: [${mounts.join(", ").replaceAll("STAGE", stage)}]`],
      [true, "    description: of a stage"],
    ).trimEnd();
  const files: Record<string, string | undefined> = {
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    ".gitignore": "node_modules\n.dokploy*\n",
    [`services/${api}/dokploy-app.yaml`]: lines(
      [true, "kind: application"],
      [!on.registry, "image: acme/api:${IMAGE_TAG}"],
      [
        on.registry,
        "source: { type: docker, image: 'registry.example.com/acme/api:${IMAGE_TAG}', registryUrl: registry.example.com, username: bot, password: !secret registryPassword }",
      ],
      [on.protect, "protect: true"],
      [on.release, "release: npm run migrate"],
      [on.healthCheck, "healthCheck: { path: /health, port: 3000, interval: 10s, timeout: 3s }"],
      [on.replicas, "replicas: 2"],
      [on.limits, "resources: { memoryLimit: 512MiB }"],
      [on.login, "security: [{ username: admin, password: !secret basicAuth }]"],
      [on.schedule, 'schedules: [{ name: clean, cronExpression: "@hourly", command: /clean }]'],
      [on.goesBack, "deploy: { rollbackOnFailure: true }"],
      [on.stopsFirst, "swarm: { updateConfig: { Parallelism: 1, Order: stop-first } }"],
      [on.command, "command: node server.js\nargs: [--port, '3000']"],
      [true, `stages:\n${ofStage("test", 2525)}\n${ofStage("prod", 2626)}`],
    ),
    [`envs/base/${api}.yaml`]: lines(
      [true, "# Variables of every stage\nLOG_LEVEL: info"],
      [on.shared, "REGION: !ref environment.REGION"],
      [on.ref && on.compose, "CACHE_URL: !ref redis://cache.redis:6379"],
      [on.ref && on.database, "DATABASE_URL: !ref db"],
    ),
    ...Object.fromEntries(
      ["test", "prod"].map((stage) => [
        `envs/${stage}/${api}.yaml`,
        lines(
          [true, `STAGE: ${stage}`],
          [on.generate, "SESSION_KEY: !generate { length: 40 }"],
          [on.secret, "PARTNER_KEY: !secret partner"],
          [on.manager, "MANAGED: !op op://shop/api/managed"],
        ),
      ]),
    ),
    [`services/${worker}/dokploy-app.yaml`]: lines(
      [true, "kind: application"],
      [on.imageOf, `imageOf: ${api}\ndependsOn: [${api}]`],
      [!on.imageOf, "image: acme/worker:7"],
    ),
    [`envs/base/${worker}.yaml`]: lines([true, "MODE: jobs"], [on.ref, `API_URL: !ref ${api}:3000`]),
    "services/db/dokploy-app.yaml": on.database
      ? lines(
          [true, "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18"],
          [on.protect, "protect: true"],
          [on.limits, "resources: { memoryLimit: 1GiB }"],
          [on.backup, "backups: [{ destination: main, schedule: 0 3 * * *, keepLatestCount: 14 }]"],
        )
      : undefined,
    "services/cache/dokploy-app.yaml": on.compose ? "kind: compose\n" : undefined,
    "services/cache/compose.yaml": on.compose
      ? "services:\n  redis:\n    image: redis:${IMAGE_TAG}\n    networks: [dokploy-network]\nnetworks:\n  dokploy-network: { external: true }\n"
      : undefined,
    "envs/base/cache.yaml": on.compose ? "" : undefined,
    "envs/test/shared.yaml": on.shared ? "REGION: eu\n" : undefined,
    "envs/prod/shared.yaml": on.shared ? "REGION: us\n" : undefined,
    "envs/schema.yaml": on.contract
      ? `additional: true\nservices:\n  ${api}:\n    LOG_LEVEL: { values: [debug, info, warn] }\n    STAGE: {}\n`
      : undefined,
    "dokploy-previews.yaml": lines(
      [true, "from: test\nhost: ${service}-pr-${number}.preview.example.com"],
      [on.manager, "without: [MANAGED]"],
      [on.compose, "dokployNetwork: [cache]"],
    ),
  };
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}
