import * as assert from "node:assert/strict";
import type { z } from "zod";
import { Place, type Shape, type ShapeProblem } from "../../../../packages/compose-checks/allowed";
import { readDocument } from "../../../../packages/compose-checks/checks";
import { attachedLists } from "../../../../sdk/repository";
import { type AppKind, appSchemas } from "../../../../sdk/repository/app-schema";
import { leftOut, previewTable } from "../../../../sdk/repository/preview-table";

const id = "PQqzqTGCVtx0St2SA3vCi";
const rules = { ids: [id], repositories: ["acme/web", "group/sub/web", "https://github.com/acme/web.git"] };

function problems(kind: AppKind, inputs: object): ShapeProblem[] {
  const document = readDocument(JSON.stringify(inputs));
  const found: ShapeProblem[] = [];
  if ("problems" in document) assert.fail("not read");
  previewTable(kind, rules).judge(document.root, new Place("", undefined, found));
  return found;
}

/** A field of a schema, by the way to it: a key, `*` for any key, or 0 for an item of a list. */
interface Known {
  readonly way: readonly (string | 0)[];
  readonly shape: Shape | undefined;
  readonly type: string | undefined;
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly values?: readonly unknown[];
}
const definition = (schema: z.ZodType) => schema.def as unknown as Definition;

/** Lists the fields below a schema. A field that no shape names is not entered. */
function knownFields(
  schema: z.ZodType,
  shape: Shape | undefined,
  way: Known["way"] = [],
  of?: string,
): Known[] {
  const { type, innerType, element, valueType, options = [], shape: fields } = definition(schema);
  if (innerType !== undefined) return knownFields(innerType, shape, way, of);
  if (element !== undefined) return shape?.inner ? knownFields(element, shape.inner, [...way, 0], of) : [];
  if (valueType !== undefined)
    return shape?.inner ? knownFields(valueType, shape.inner, [...way, "a"], of) : [];
  if (type === "union") return options.flatMap((option) => knownFields(option, shape, way, of));
  if (fields === undefined || shape?.fields === undefined) return [];
  const literal = fields["type"] === undefined ? undefined : definition(fields["type"]).values?.[0];
  const own = typeof literal === "string" ? literal : of;
  return Object.entries(fields).flatMap(([key, inner]): Known[] => {
    const field = shape.fields && Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    const here = { way: [...way, key], shape: field, type: own };
    return field === undefined ? [here] : [here, ...knownFields(inner, field, here.way, own)];
  });
}

/** Returns inputs with a value at the end of a way. */
function inputsWith({ way, type }: Known, value: unknown): object {
  const at = (step: number): unknown => {
    const key = way[step];
    if (key === undefined) return value;
    const inner = at(step + 1);
    if (key === 0) return [inner];
    const isTyped =
      type !== undefined && key !== "type" && (way[step - 1] === "source" || way[step - 1] === "build");
    return { ...(isTyped ? { type } : {}), [key]: inner };
  };
  return at(0) as object;
}

/** Inputs that a repository reads itself before a preview is made of a service. */
const readBefore = new Set<string | 0 | undefined>([
  ...["kind", "stages", "import", "dependsOn", "databaseUrls", "composeFile", "image", "source"],
  ...attachedLists,
]);
const isRead = (kind: AppKind, { way: [first] }: Known) =>
  readBefore.has(first) &&
  !(first === "source" && kind === "application") &&
  !(first === "image" && kind !== "application");
const kinds = Object.keys(appSchemas) as AppKind[];
const values = ["x", "1", true, 1, ["x"], { x: "y" }, "/", "${X}"];

describe("a service file of a preview", () => {
  it("has no input that the table does not name", () => {
    let count = 0;
    for (const kind of kinds) {
      const table = previewTable(kind, rules);
      const all = knownFields(appSchemas[kind], table).filter((known) => !isRead(kind, known));
      for (const known of all.filter(({ shape }) => !shape)) {
        if (known.way.length === 1 && leftOut.has(String(known.way[0]))) continue;
        count += 1;
        for (const value of values)
          assert.notDeepEqual(
            problems(kind, inputsWith(known, value)),
            [],
            JSON.stringify([kind, known.way, value]),
          );
      }
    }
    assert.ok(count > 50, String(count));
  });

  it("has a reason for each input of the table: it is one of the kind", () => {
    for (const kind of kinds) {
      const { shape } = definition(appSchemas[kind]);
      const shared = Object.keys(previewTable(kind, rules).fields).filter((name) => !(name in (shape ?? {})));
      const ofOthers = kinds.flatMap((other) => Object.keys(definition(appSchemas[other]).shape ?? {}));
      assert.deepEqual(
        shared.filter((name) => !ofOthers.includes(name)),
        [],
        kind,
      );
    }
  });

  const refused: readonly (readonly [AppKind, object])[] = [
    ["application", { appNamePrefix: "my-dokploy-traefik" }],
    ["compose", { appNamePrefix: "Dokploy" }],
    ["application", { resources: { memoryLimit: "0.5B" } }],
    ["redis", { resources: { cpuLimit: 0.000001 } }],
    ["application", { serverId: "AQqzqTGCVtx0St2SA3vCi" }],
    ["application", { registryId: "AQqzqTGCVtx0St2SA3vCi" }],
    ["application", { buildServerId: "AQqzqTGCVtx0St2SA3vCi" }],
    ["application", { networkIds: [id, "AQqzqTGCVtx0St2SA3vCi"] }],
    [
      "application",
      { source: { type: "git", url: "https://github.com/acme/web.git", sshKeyId: "AQqzqTGCVtx0St2SA3vCi" } },
    ],
    ["application", { source: { type: "git", url: "git@github.com:acme/secret.git", sshKeyId: id } }],
    ["application", { source: { type: "git", url: "https://user:x@github.com/acme/web.git" } }],
    ["application", { source: { type: "git", url: "file:///etc/dokploy" } }],
    ["application", { source: { type: "github", githubId: id, owner: "acme", repository: "secret" } }],
    [
      "application",
      { source: { type: "github", githubId: id, owner: "acme", repository: "web", submodules: true } },
    ],
    [
      "application",
      {
        source: {
          type: "gitlab",
          gitlabId: id,
          owner: "acme",
          repository: "web",
          pathNamespace: "acme/secret",
        },
      },
    ],
    [
      "application",
      {
        source: {
          type: "bitbucket",
          bitbucketId: id,
          owner: "acme",
          repository: "web",
          repositorySlug: "secret",
        },
      },
    ],
    [
      "application",
      { source: { type: "git", url: "https://github.com/acme/web.git", buildPath: "../../.." } },
    ],
    ["application", { source: { type: "git", url: "https://github.com/acme/web.git", buildPath: "x; id" } }],
    [
      "application",
      { source: { type: "git", url: "https://github.com/acme/web.git", branch: "--upload-pack=x" } },
    ],
    ["application", { source: { type: "docker", image: "a:1; id" } }],
    ["application", { source: { type: "docker", image: "${I}" } }],
    ...["../../..", "x; id", "$(id)", "`id`", "a b", "a\nb", "a'b", 'a"b', "-x"].flatMap((text) =>
      [
        { type: "dockerfile", contextPath: text },
        { type: "dockerfile", dockerfile: text },
        { type: "dockerfile", buildStage: text },
        { type: "nixpacks", publishDirectory: text },
        { type: "heroku", version: text },
        { type: "static", publishDirectory: text },
      ].map((build) => ["application", { build }] as const),
    ),
    ...['{{"CF_DNS_API_TOKEN"|env}}', "{{", "a`) || Host(`x", "/${ROUTE}", "/a b", '/"', "/a\n"].flatMap(
      (text) => [
        ["application", { domains: [{ host: "a.dev", path: text }] }] as const,
        ["compose", { domains: [{ host: "a.dev", internalPath: text }] }] as const,
        ["compose", { domains: [{ host: "a.dev", middlewares: [text] }] }] as const,
        ["compose", { domains: [{ host: "a.dev", customCertResolver: text }] }] as const,
        ["compose", { domains: [{ host: "a.dev", customEntrypoint: text }] }] as const,
        ["compose", { domains: [{ host: "a.dev", reachable: { address: text } }] }] as const,
        ["application", { redirects: [{ regex: "a{{", replacement: text }] }] as const,
        ["application", { security: [{ username: text, password: "x" }] }] as const,
        [
          "application",
          { mounts: [{ type: "file", filePath: text, mountPath: "/../x", content: "" }] },
        ] as const,
        ["application", { patches: [{ filePath: `../${text}`, type: "create" }] }] as const,
      ],
    ),
    [
      "application",
      { source: { type: "git", url: "https://github.com/stranger/links.git", branch: "main" } },
    ],
    ["application", { build: { type: "railpack" } }],
    ...[
      "PATH",
      "LD_PRELOAD",
      "BASH_ENV",
      "DOCKER_HOST",
      "DOCKER_CONFIG",
      "x-y",
      "a.b",
      "tokens",
      "TOKEN_PATH",
    ].map((key) => ["application", { buildSecrets: { [key]: "." } }] as const),
    ["application", { mounts: [{ type: "bind", hostPath: "/", mountPath: "/x" }] }],
    ["application", { mounts: [{ hostPath: "/", mountPath: "/x" }] }],
    ["application", { mounts: [{ type: "volume", volumeName: "a", hostPath: "/", mountPath: "/x" }] }],
    ["application", { swarm: { placement: { Constraints: ["node.role==manager"] } } }],
    ["application", { swarm: { mode: { ReplicatedJob: {} } } }],
    ["application", { swarm: { networks: [{ Target: "shop" }] } }],
    ["application", { swarm: { labels: { a: "b" } } }],
    ["application", { replicas: 4 }],
    ["application", { resources: { memoryLimit: "2GiB" } }],
    ["application", { resources: { memoryLimit: "0B" } }],
    ["application", { resources: { cpuLimit: 1.5 } }],
    ["compose", { composeType: "stack" }],
    ["compose", { command: "compose up" }],
    ["compose", { suffix: "dokploy-network" }],
    ["compose", { randomize: true }],
    ["compose", { serviceNetworks: [{ serviceName: "a", networkIds: ["AQqzqTGCVtx0St2SA3vCi"] }] }],
    ["compose", { patches: [{ filePath: "docker-compose.yml", type: "create", content: "" }] }],
    ["libsql", { node: "replica" }],
    ["libsql", { primaryUrl: "http://shop-libsql-abc123:8080" }],
    ["postgres", { image: "${I}" }],
    ["postgres", { user: "a b" }],
  ];
  it("has no value that reaches the server or another stage", () => {
    for (const [kind, inputs] of refused)
      assert.notDeepEqual(problems(kind, inputs), [], JSON.stringify([kind, inputs]));
  });

  const allowed: readonly (readonly [AppKind, object])[] = [
    [
      "application",
      {
        description: "The shop's site",
        appNamePrefix: "shop-web",
        serverId: id,
        source: {
          type: "github",
          githubId: id,
          owner: "acme",
          repository: "web",
          branch: "main",
          buildPath: "/",
        },
        build: { type: "dockerfile", dockerfile: "docker/Dockerfile", contextPath: ".", buildStage: "prod" },
        buildSecrets: { NPM_TOKEN: "x", KEY: "x" },
        buildArgs: { VERSION: "1.2 beta", URL: "https://shop.acme.dev/?a=b" },
        replicas: 3,
        resources: { memoryLimit: "1GiB", memoryReservation: "128MiB", cpuLimit: 1 },
        command: "npm run start -- --port $PORT",
        args: ["--log", "level=debug"],
        healthCheck: {
          path: "/health?full=1",
          port: 3000,
          interval: "10s",
          timeout: "500ms",
          retries: 3,
          startPeriod: "1m30s",
        },
        swarm: {
          healthCheck: {
            Test: ["CMD-SHELL", "curl -f http://localhost:3000/ || exit 1"],
            Interval: 10_000_000_000,
          },
          updateConfig: { Order: "start-first", Parallelism: 1 },
          restartPolicy: { Condition: "any", Delay: "5s" },
        },
        domains: [
          { host: "shop.acme.dev", port: 3000, https: true, certificateType: "letsencrypt" },
          { host: "shop.acme.dev", path: "/api/v1", stripPath: true, internalPath: "/" },
        ],
        mounts: [
          { type: "volume", volumeName: "uploads", mountPath: "/app/uploads" },
          {
            type: "file",
            filePath: "nginx/site.conf",
            mountPath: "/etc/nginx/conf.d/site.conf",
            content: "a {\n b; }",
          },
        ],
        redirects: [
          { regex: "^https?://www\\.acme\\.dev/(.*)", replacement: "https://acme.dev/$1", permanent: true },
        ],
        security: [{ username: "admin", password: "x" }],
        deploy: { waitFor: "running", timeoutSeconds: 600 },
      },
    ],
    [
      "application",
      {
        source: {
          type: "gitlab",
          gitlabId: id,
          projectId: 7,
          owner: "acme",
          repository: "web",
          pathNamespace: "group/sub/web",
          branch: "feature/x",
        },
      },
    ],
    ["application", { source: { type: "git", url: "https://github.com/acme/web.git", branch: "main" } }],
    ["application", { source: { type: "docker", image: "ghcr.io/acme/web:${IMAGE_TAG}" } }],
    ["compose", { composeType: "docker-compose", createEnvFile: true, checks: { "latest-tag": "off" } }],
    [
      "postgres",
      { database: "shop", user: "shop", password: "x", image: "postgres:18", command: "postgres -c a=b" },
    ],
    ["redis", { image: "redis:8", resources: { memoryLimit: "64MiB" } }],
  ];
  it("may have what services usually have", () => {
    for (const [kind, inputs] of allowed)
      assert.deepEqual(problems(kind, inputs), [], JSON.stringify([kind, inputs]));
  });
});
