import * as fc from "fast-check";
import { DATABASES, type DatabaseKind, databaseKinds } from "../../provider/dokploy/kinds";
import { databaseData } from "./database-data";
import type { Server } from "./server";
import { another, apiOf, madeFor, modelOf } from "./simple-by-hand";
import { simpleData } from "./simple-data";

/** Texts that break what treats them as code, as names or as lines. */
const odd = fc.oneof(
  fc.constantFrom(
    "constructor",
    "__proto__",
    "toString",
    "class",
    "default",
    "config",
    "7",
    "API",
    "api",
    "Café № 7",
    "\u202e",
  ),
  fc.string({
    unit: fc.constantFrom(..."ab-_ .'\"`\\/$#{}*\n\t", "é", "😀", "\u2028", "${{"),
    minLength: 1,
    maxLength: 12,
  }),
);
const name = odd.filter((text) => text.trim() !== "");
const key = fc
  .string({ unit: fc.constantFrom(..."ABab_19"), minLength: 1, maxLength: 6 })
  .map((text) => `K${text}`);
const keys = fc.oneof({ weight: 9, arbitrary: key }, fc.constantFrom("__proto__", "toString", "constructor"));
/** Texts of variables as people leave them: with comments, blank lines, quotes, and names that come twice. */
const variables = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(keys, odd).map(([one, text]) => `${one}=${text.replaceAll("\n", " ")}`),
      },
      fc.tuple(keys, odd).map(([one, text]) => `${one}="${text.replaceAll(/["\n]/g, "")}"`),
      fc.constantFrom(
        "# a comment",
        "",
        "REGION=${{project.REGION}}",
        "NOTHING=${{environment.NOTHING}}",
        "TOKEN=canary-env",
      ),
    ),
    { maxLength: 5 },
  )
  .map((lines) => lines.join("\n"));

const service = fc.record({
  kind: fc.constantFrom<"application" | "compose" | DatabaseKind>("application", "compose", ...databaseKinds),
  name,
  env: variables,
  isUnfinished: fc.boolean(),
  replicas: fc.constantFrom(1, 3),
  file: fc.constantFrom(
    "services:\n  web:\n    image: acme/web:1\n",
    "services:\r\n  web:\r\n    image: acme/web:1\r\n    environment:\r\n      DB_PASSWORD: canary-file\r\n",
    "# token: canary-comment\nservices:\n  web:\n    image: acme/web:1\n",
    "not: [yaml",
    "services:\n  web:\n    image: acme/web:1\n    command: app -u admin -p canary-option $$X ${X:-canary-option}\n",
  ),
  /** Files beside a compose file, as Dokploy's templates make them: without a path in the containers. */
  mounted: fc.array(
    fc.constantFrom(
      "",
      "canary-word",
      "[db]\nhost = db\npassword = 'canary-toml'\n",
      '{\n  "url": "redis://:canary-json@cache",\n  "x": "${SECRET}"\n}\n',
      "a\r\nb\u202e\r\n",
    ),
    { maxLength: 2 },
  ),
  icon: fc.constantFrom(
    undefined,
    "https://acme.dev/a.png",
    "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=",
    "data:image/vnd.microsoft.icon;base64,AAEC",
    "data:image/png;base64,AA=",
  ),
});
const environment = fc.record({ name, env: variables, services: fc.array(service, { maxLength: 3 }) });
const project = fc.record({
  name,
  env: variables,
  production: environment,
  others: fc.array(environment, { maxLength: 1 }),
});
/** Kinds of simple objects that are made, with how many of each. */
const simple = fc.uniqueArray(
  fc.record({ kind: fc.constantFrom(...Object.keys(simpleData)), count: fc.integer({ min: 1, max: 2 }) }),
  { selector: ({ kind }) => kind, maxLength: 5 },
);

/** A server as nobody would make it on purpose. */
export const oddServers = fc.record({
  ofServer: fc.boolean(),
  projects: fc.array(project, { minLength: 1, maxLength: 2 }),
  simple,
});
export type OddServer = typeof oddServers extends fc.Arbitrary<infer T> ? T : never;

/** Makes it by hand, as people do. */
export async function populate(
  server: Server,
  { projects, simple: objects, ofServer }: OddServer,
): Promise<void> {
  const services: { kind: string; id: string }[] = [];
  for (const { name: projectName, env, production, others } of projects) {
    const made = await server.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name: projectName, env });
    const { projectId } = made.project;
    for (const [at, { name: environmentName, env: text, services: all }] of [
      production,
      ...others,
    ].entries()) {
      const { environmentId } =
        at === 0
          ? made.environment
          : await server.byHand<{ environmentId: string }>("environment.create", {
              projectId,
              name: environmentName === "production" ? "other" : environmentName,
            });
      await server.byHand("environment.update", { environmentId, env: text });
      for (const one of all)
        services.push({ kind: one.kind, id: await makeService(server, environmentId, one) });
    }
  }
  for (const { kind, count } of objects) await makeObjects(server, kind, count, services);
  if (!ofServer) return;
  for (const [kind, inputs] of Object.entries(ofDokploy)) await makeOne(server, kind, undefined, inputs);
}

/** Objects of Dokploy itself, of kinds that otherwise belong to a service. */
const ofDokploy: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Backup: { databaseType: "web-server", schedule: "0 4 * * SUN" },
  Schedule: {
    scheduleType: "dokploy-server",
    name: "cleanup",
    cronExpression: "0 5 * * SUN",
    script: "true\n",
  },
};

type Service = OddServer["projects"][number]["production"]["services"][number];

async function makeService(server: Server, environmentId: string, one: Service): Promise<string> {
  const { kind, name: serviceName, env, isUnfinished, replicas, file } = one;
  const common = { name: serviceName, environmentId };
  if (kind === "application") {
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", common);
    const source = isUnfinished ? {} : { sourceType: "docker", dockerImage: "acme/web:1" };
    await server.byHand("application.update", { applicationId, env, replicas, ...source });
    return applicationId;
  }
  if (kind === "compose") {
    const { composeId } = await server.byHand<{ composeId: string }>("compose.create", {
      ...common,
      composeType: "docker-compose",
    });
    const { icon = null, mounted } = one;
    await server.byHand("compose.update", { composeId, env, icon, sourceType: "raw", composeFile: file });
    for (const [at, content] of mounted.entries()) {
      const mount = { type: "file", mountPath: "/x", filePath: `/conf/file-${at}.txt`, content };
      const made = await server.byHand<{ mountId: string }>("mounts.create", {
        ...mount,
        serviceType: "compose",
        serviceId: composeId,
      });
      // Only a template of Dokploy makes such a row.
      Object.assign(server.emulator.instance.simple("mounts").get(made.mountId) ?? {}, { mountPath: "" });
    }
    return composeId;
  }
  const handlers = server.of(DATABASES[kind].kind);
  const inputs = databaseData[DATABASES[kind].kind]?.inputs;
  // A program gives no second database the name of another; people do.
  const { id } = await handlers.create({ ...common, ...inputs, name: `${Math.random()}`, deploy: false });
  const row = await server.byHand<Record<string, unknown>>(`${kind}.one`, { [`${kind}Id`]: id });
  const kept = kind === "libsql" ? { sqldNode: row["sqldNode"], enableNamespaces: false } : {};
  await server.byHand(`${kind}.update`, { ...kept, [`${kind}Id`]: id, name: serviceName, env });
  return id;
}

async function makeObjects(
  server: Server,
  kind: string,
  count: number,
  services: readonly { kind: string; id: string }[],
): Promise<void> {
  const data = simpleData[kind];
  const model = modelOf(kind);
  if (data === undefined) return;
  const owner =
    data.parent === undefined ? undefined : services.find(({ kind: each }) => each === data.parent);
  if (data.parent !== undefined && owner === undefined) return;
  const parent = owner && { kind: owner.kind as "application" | "compose", id: owner.id };
  const ids = await madeFor(server, data);
  for (let n = 1; n <= count; n += 1) {
    const inputs = {
      ...another(model, data.inputs, n),
      ...ids,
      ...(parent ? { [`${parent.kind}Id`]: parent.id } : {}),
    };
    await makeOne(server, kind, parent, inputs);
  }
}

async function makeOne(
  server: Server,
  kind: string,
  parent: { readonly kind: "application" | "compose"; readonly id: string } | undefined,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const model = modelOf(kind);
  const { objects } = model;
  const ids =
    "destinationId" in given || kind !== "Backup" ? {} : await madeFor(server, simpleData[kind] ?? {});
  const inputs = { ...given, ...ids };
  const columns = await model.creation(inputs, { api: apiOf(server) });
  const before = await objects.all(parent, apiOf(server));
  await objects.create(columns, parent, before, apiOf(server));
}
