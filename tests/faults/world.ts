import { parse } from "dotenv";
import { type Emulator, startEmulator } from "../../emulator";
import { endpoints } from "../../emulator/objects";
import { Deployments } from "../../provider/deploy/deployments";
import { type ClientOptions, DokployClient } from "../../provider/dokploy/client";
import type { Api, Endpoint, Input, Output } from "../../provider/dokploy/endpoints";
import { type DatabaseKind, databaseKinds } from "../../provider/dokploy/kinds";
import { SharedReads } from "../../provider/dokploy/shared-reads";
import type { Model } from "../../provider/engine/simple/model";
import { needIn } from "../../provider/engine/simple/spec";
import type { Context } from "../../provider/lifecycle/context";
import type { Entity } from "../../provider/lifecycle/entity";
import { lifecycle } from "../../provider/lifecycle/handlers";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { KeyedLock } from "../../provider/lifecycle/run/lock";
import { Run } from "../../provider/lifecycle/run/run";
import type { StackResource } from "../../provider/pulumi/stack-state";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { compile } from "../../provider/schema/compile";
import type { inputNames } from "../../sdk/run/generated/input-names";
import { throughPlugin } from "../plugin/handlers";
import { apiOf, rowsOf } from "../resources/simple-by-hand";
import { untraced } from "../resources/untraced";
import { IdleClock } from "./time";

export type Kind = keyof typeof inputNames;

type Row = Record<string, unknown>;

/** How long a deployment takes on the server of a story. */
const BUILD_MS = 2_000;

/** The server of one story. */
export class World {
  /** Warnings and lines of progress. */
  readonly said: string[] = [];
  /** The server works on requests of this endpoint for so long before it answers, and time goes on meanwhile. */
  slow: { readonly endpoint: string; readonly ms: number } | undefined;
  /** What the runs can read of Pulumi's state; undefined where they cannot. */
  stack: () => readonly StackResource[] | undefined = () => [];

  private constructor(
    readonly emulator: Emulator,
    readonly clock: IdleClock,
  ) {}

  static async start(): Promise<World> {
    const clock = new IdleClock();
    return new World(await startEmulator({ clock, buildMs: BUILD_MS }), clock);
  }

  /**
   * One run of the provider, in a process of its own.
   *
   * @param options `isPlugin`: the handlers are reached through the plugin's server
   * @param onCall told of each call before it is made, with how many of that endpoint there were
   */
  async run<T>(
    { isPlugin = false, ...options }: Pick<ClientOptions, "timeoutsMs"> & { isPlugin?: boolean },
    onCall: (endpoint: string, count: number, input: object) => Promise<void>,
    work: (handlers: Readonly<Record<Kind, Handlers>>) => Promise<T>,
  ): Promise<T> {
    const settings = {
      url: this.emulator.url,
      apiKey: this.emulator.apiKey,
      auth: "x-api-key",
      warnings: [],
    } as const;
    const client = new DokployClient(settings, { ...options, sleep: async () => {} });
    const counted = new CountedApi(client, onCall);
    const reads = new SharedReads(counted);
    const api = reads.server;
    const run = new Run(async () => this.stack());
    const context: Context = {
      api,
      reads,
      deployments: new Deployments(api, {
        timers: this.clock,
        progress: (line) => this.said.push(line),
        supportsLogs: () => counted.during(client.supports("deployment.readLogs")),
      }),
      run,
      lock: new KeyedLock(),
      waitFor: "running",
      references: "error",
      checks: {},
      composeChecks: {},
      only: undefined,
      removesVolumes: false,
      timers: this.clock,
      span: untraced,
      delivered: async () => {},
      inform: () => {},
      warn: (message) => {
        this.said.push(message);
      },
      begun: () => {},
      ended: () => {},
      progress: (line) => {
        this.said.push(line);
      },
      about: async () => ({ project: "story", stack: "test", commit: undefined }),
    };
    const all = {} as Record<Kind, Handlers>;
    for (const definition of allDefinitions()) {
      // Made when they are used: a story uses few, and each has a schema to read.
      let made: Handlers | undefined;
      Object.defineProperty(all, definition.kind, {
        get: () => {
          if (made) return made;
          const own = lifecycle(definition as unknown as Entity<never, never>, () => context, run);
          made = isPlugin ? throughPlugin(definition.kind, own) : own;
          return made;
        },
      });
    }
    try {
      return await this.clock.during(work(all), () => counted.inFlight > this.working());
    } finally {
      client.close();
    }
  }

  /** How many requests the server has received and works on. */
  private working(): number {
    const { slow, emulator, clock } = this;
    if (slow === undefined) return 0;
    return emulator.calls.filter(
      ({ endpoint, status, at }) => endpoint === slow.endpoint && status === 0 && clock.now() < at + slow.ms,
    ).length;
  }

  /** What somebody else does, or looks at: without a request, since thousands of stories look at everything. */
  async byHand<T = Row>(endpoint: string, input: object): Promise<T> {
    const called = endpoints[endpoint];
    if (!called) throw new Error(`There is no ${endpoint}.`);
    const given = called.input?.parse(copyOf(input)) ?? {};
    const { instance } = this.emulator;
    return copyOf(await called.run(instance, given as never, instance.ownerId)) as T;
  }

  /**
   * All that the server holds and runs, one fact a line, sorted, without ids:
   * `shop/production/application api: env LEVEL=info`.
   */
  async facts(): Promise<string[]> {
    const facts: string[] = [];
    const report = (path: string, row: Row, columns: readonly string[], texts: readonly string[]) => {
      facts.push(path);
      for (const column of columns) facts.push(`${path}: ${column} ${JSON.stringify(row[column])}`);
      for (const text of texts)
        facts.push(...variablesOf(row[text]).map((line) => `${path}: ${text} ${line}`));
    };
    const runs = (path: string, id: string) => {
      const variables = Object.entries(this.emulator.containerEnv(id) ?? {}).filter(
        ([name]) => !holdsAppName.has(name),
      );
      facts.push(...variables.map(([name, value]) => `${path}: runs with ${name}=${value}`));
    };
    const projects = await this.byHand<{ projectId: string; name: string }[]>("project.all", {});
    for (const { projectId } of projects) {
      const project = await this.byHand<Row & { environments: Row[] }>("project.one", { projectId });
      const projectPath = `project ${project["name"]}`;
      report(projectPath, project, ["description"], ["env"]);
      for (const { tag } of project["projectTags"] as { tag: Row }[])
        facts.push(`${projectPath}: tagIds ${tag["name"]}`);
      for (const { environmentId } of project.environments) {
        const row = await this.byHand<
          Row & { applications: Row[]; compose: Row[] } & Record<DatabaseKind, Row[]>
        >("environment.one", { environmentId });
        const path = `${projectPath}/environment ${row["name"]}`;
        report(path, row, ["description"], ["env"]);
        for (const { applicationId } of row.applications) {
          const service = await this.byHand("application.one", { applicationId });
          const servicePath = `${path}/application ${service["name"]}`;
          const columns =
            service["name"] === "busy"
              ? applicationColumns.filter((column) => column !== "applicationStatus")
              : applicationColumns;
          report(servicePath, service, columns, ["env", "buildArgs", "buildSecrets"]);
          // Whoever refers to nothing is never deployed because of others.
          if (service["name"] === "bystander")
            facts.push(`${servicePath}: deployments ${(service["deployments"] as Row[]).length}`);
          runs(servicePath, String(applicationId));
          facts.push(...(await this.partsOf(servicePath, String(applicationId), service, "application")));
        }
        for (const { composeId } of row.compose) {
          const service = await this.byHand("compose.one", { composeId });
          const servicePath = `${path}/compose ${service["name"]}`;
          report(servicePath, service, composeColumns, ["env"]);
          runs(servicePath, String(composeId));
          facts.push(...(await this.partsOf(servicePath, String(composeId), service, "compose")));
        }
        for (const kind of databaseKinds) {
          for (const listed of row[kind]) {
            const id = String(listed[`${kind}Id`]);
            const service = await this.byHand(`${kind}.one`, { [`${kind}Id`]: id });
            const servicePath = `${path}/${kind} ${service["name"]}`;
            report(servicePath, service, databaseColumns, ["env"]);
            runs(servicePath, id);
            const { user, root } = this.emulator.databasePasswords(id) ?? {};
            facts.push(`${servicePath}: opens with ${user}`);
            // Without one of the program's, Dokploy makes one.
            if (root?.startsWith("canary")) facts.push(`${servicePath}: opens for root with ${root}`);
          }
        }
      }
    }
    for (const [place, { content }] of this.emulator.instance.simple("traefikFile") as Map<string, Row>)
      if (!String(content).startsWith("# Nothing is left"))
        facts.push(`TraefikFile ${place}`, `TraefikFile ${place}: content ${JSON.stringify(content)}`);
    const { id: _, createdAt: _at, ...settings } = await this.byHand("settings.getWebServerSettings", {});
    facts.push("WebServerSettings");
    for (const [name, value] of Object.entries(settings))
      facts.push(`WebServerSettings: ${name} ${JSON.stringify(value)}`);
    facts.push(...(await this.accessFacts()));
    const names = projects.map(({ projectId, name }): [id: unknown, name: string] => [
      projectId,
      `project ${name}`,
    ]);
    for (const model of SIMPLE.filter(({ parents }) => parents.length === 0)) {
      for (const row of await rowsOf(this, model.spec.kind, undefined)) {
        const name = `${model.spec.kind} ${keyOf(model, row)}`;
        facts.push(...simpleFacts(name, model, row));
        names.push([model.objects.idOf(row), name]);
      }
    }
    const withNames = (fact: string) =>
      names.reduce((text, [id, name]) => text.replaceAll(String(id), name), fact);
    return facts.map(withNames).sort();
  }

  /** Who may do what, and the keys that there are beside the one of the settings. */
  private async accessFacts(): Promise<string[]> {
    const { user } = await this.byHand<{ user: { apiKeys: Row[] } }>("user.get", {});
    const keys = user.apiKeys.filter(({ name }) => name !== "emulator");
    const members = await this.byHand<(Row & { user: Row })[]>("user.all", {});
    return [
      ...keys.flatMap(({ name, prefix }) => [`ApiKey ${name}`, `ApiKey ${name}: prefix ${prefix}`]),
      ...members.flatMap(({ user: { email }, ...row }) => [
        `Member ${email}`,
        ...Object.entries(row)
          .filter(([column]) => /^(?:role|can|accessed)/.test(column))
          .map(([column, value]) => `Member ${email}: ${column} ${JSON.stringify(value)}`),
      ]),
    ];
  }

  /** What belongs to a service, and of that what its containers were started with, where that makes a difference. */
  private async partsOf(
    path: string,
    id: string,
    service: Row,
    kind: "application" | "compose",
  ): Promise<string[]> {
    const taken = this.emulator.takenUp(id) ?? {};
    const models = SIMPLE.filter(({ parents }) => parents.includes(kind));
    const rows = new Map<Model, Row[]>();
    for (const model of models) {
      const listed = await model.spec.all?.({ kind, id }, apiOf(this), undefined);
      rows.set(model, listed || ((service[model.list] ?? []) as Row[]));
    }
    return models.flatMap((model) => {
      const { list } = model;
      const factsOf = (row: Row, where: string) =>
        simpleFacts(`${where}/${model.spec.kind} ${keyOf(model, row)}`, model, row);
      const running = needIn(model.spec.parents[kind]) === "none" ? [] : ((taken[list] ?? []) as Row[]);
      return [
        ...(rows.get(model) ?? []).flatMap((row) => factsOf(row, path)),
        ...running.map(
          (row) => `${path}: runs with ${list}=${keyOf(model, row)} ${JSON.stringify(columnsOf(model, row))}`,
        ),
      ];
    });
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}

/** As it travels over HTTP. */
function copyOf(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

const SIMPLE: readonly Model[] = allDefinitions().flatMap((definition) =>
  "model" in definition ? [definition.model] : [],
);

function keyOf({ mapping, spec }: Model, row: Row): string {
  return Object.keys(mapping.keyed({}, spec.key))
    .map((column) => row[column])
    .join(" ");
}

/** The columns that have an input, without those that say what it belongs to. */
function columnsOf({ schema }: Model, row: Row): [string, unknown][] {
  const columns = compile(schema, [], undefined).flatMap(({ column, replace }) =>
    replace ? [] : (column ?? []),
  );
  return [...new Set(columns)].filter((column) => column in row).map((column) => [column, row[column]]);
}

function simpleFacts(path: string, model: Model, row: Row): string[] {
  return [
    path,
    ...columnsOf(model, row).map(([column, value]) => `${path}: ${column} ${JSON.stringify(value)}`),
  ];
}

/** What is random in containers: the name of a compose service inside Docker, and a password that Dokploy makes. */
const holdsAppName = new Set([
  "APP_NAME",
  "COMPOSE_PROJECT_NAME",
  "MYSQL_ROOT_PASSWORD",
  "MARIADB_ROOT_PASSWORD",
]);

const applicationColumns = [
  "applicationStatus",
  "createEnvFile",
  "description",
  "dockerImage",
  "replicas",
  "sourceType",
] as const;
const composeColumns = [
  "composeFile",
  "composeStatus",
  "createEnvFile",
  "description",
  "sourceType",
] as const;

const databaseColumns = ["applicationStatus", "databasePassword", "description", "dockerImage"] as const;

/** The variables of a text, and the comments between them. */
function variablesOf(text: unknown): string[] {
  const lines = String(text ?? "").split("\n");
  const variables = Object.entries(parse(String(text ?? "")));
  return [
    ...lines.filter((line) => line.startsWith("#")),
    ...variables.map(([name, value]) => `${name}=${value}`),
  ];
}

/** Counts the calls, and those that still wait for their answer. */
class CountedApi implements Api {
  inFlight = 0;
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly client: DokployClient,
    private readonly onCall: (endpoint: string, count: number, input: object) => Promise<void>,
  ) {}

  call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    const count = (this.counts.get(endpoint) ?? 0) + 1;
    this.counts.set(endpoint, count);
    return this.during(this.onCall(endpoint, count, input).then(() => this.client.call(endpoint, input)));
  }

  assertSupported<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<void> {
    return this.during(this.client.assertSupported(endpoint, input));
  }

  sign(purpose: string, ...values: readonly unknown[]): string {
    return this.client.sign(purpose, ...values);
  }

  ready(): Promise<void> {
    return this.during(this.client.ready());
  }

  async during<T>(answer: Promise<T>): Promise<T> {
    this.inFlight += 1;
    try {
      return await answer;
    } finally {
      this.inFlight -= 1;
    }
  }
}
