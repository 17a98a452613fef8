import * as assert from "node:assert/strict";
import { unknownValue } from "../../packages/values";
import type { Step } from "./engine";
import type { Ran } from "./pulumi";
import { canaries, type Features, filesOf, type Names, programOf } from "./repository";
import { look, type Server, type Service } from "./server";
import { unmarked } from "./values";
import { World } from "./world";

/** What an operation brings about, by which the rest of the server is judged. */
export interface Effect {
  /** True for a variable of a service whose value in its containers changes. */
  readonly changes?: (service: string, key: string) => boolean;
  /** Names of services that are created, or created again. */
  readonly creates?: readonly string[];
}

/** A stack of the repository in a test: what its operations do, and what must hold after each of them. */
export class Shop {
  names: Names = { api: "api", worker: "worker" };
  /** Number by which values and tags differ from those before. */
  count = 0;
  /** Messages of runs, with the operation that they came from. */
  readonly said = new Map<string, Set<string>>();
  /** The operation that is played. */
  operation = "";

  private constructor(
    readonly world: World,
    readonly on: Features,
  ) {}

  static async begin(on: Features): Promise<Shop> {
    const world = await World.start();
    const shop = new Shop(world, on);
    try {
      await shop.prepare();
    } catch (error) {
      await world.close();
      throw error;
    }
    return shop;
  }

  private async prepare(): Promise<void> {
    const { world, on } = this;
    for (const [name, text] of Object.entries(filesOf(on))) world.write(name, text);
    world.program = programOf(on);
    for (const stage of ["test", "prod", "preview"]) {
      world.pulumi.init(stage);
      if (stage !== "preview") {
        world.pulumi.set(stage, "dokploy:imageTags.api", "1.0");
        if (on.compose) world.pulumi.set(stage, "dokploy:imageTags.cache", "8");
      } else world.pulumi.set(stage, "dokploy:imageTag", "1.0");
      world.pulumi.set(stage, "partner", canaries.partner, true);
      world.pulumi.set(stage, "basicAuth", canaries.basicAuth, true);
      world.pulumi.set(stage, "registryPassword", canaries.registryPassword, true);
      world.pulumi.set(stage, "s3Key", canaries.s3Key, true);
    }
    if (on.backup && !on.bucket)
      await world.byHand("destination.create", {
        ...{ name: "main", bucket: "acme", region: "", endpoint: "", provider: null, additionalFlags: [] },
        ...{ accessKey: "a", secretAccessKey: canaries.s3Key },
      });
  }

  /** Deploys both stages for the first time; with the feature, onto what somebody made by hand. */
  async deployFirst(): Promise<void> {
    const creates = ["api", "worker", "db", "cache"];
    if (this.on.adopted) await this.makeByHand();
    await this.deploy("test", { creates });
    if (this.on.adopted) {
      this.world.pulumi.remove("test", "dokploy:adopt");
      this.world.write("dokploy-adopt.json", undefined);
      await this.settled("test");
    }
    await this.deploy("prod", { creates });
    await this.addByHand("test");
  }

  /** Somebody has the project and the application already, with a comment between the variables. */
  private async makeByHand(): Promise<void> {
    const { world } = this;
    const made = await world.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name: this.project("test") });
    const { environmentId } = made.environment;
    const { applicationId } = await world.byHand<{ applicationId: string }>("application.create", {
      ...{ name: "api", environmentId },
    });
    const image = this.on.registry ? "registry.example.com/acme/api:0.9" : "acme/api:0.9";
    await world.byHand("application.update", {
      ...{
        applicationId,
        sourceType: "docker",
        dockerImage: image,
        env: "# by hand\nSTAGE=test\nLOG_LEVEL=info\n",
      },
    });
    await world.byHand("application.deploy", { applicationId });
    await world.clock.pass(60_000);
    const ids = { Project: { shop: made.project.projectId }, Application: { api: applicationId } };
    world.write("dokploy-adopt.json", JSON.stringify(ids));
    world.pulumi.set("test", "dokploy:adopt", "dokploy-adopt.json");
  }

  end(): Promise<void> {
    return this.world.close();
  }

  /** Looks for secrets in all that was shown, and in the states as everybody may read them. */
  assertNoSecrets(): void {
    const { world } = this;
    const texts = [
      ...world.shown,
      ...[...world.pulumi.stacks.keys()].map((stack) => world.pulumi.export(stack)),
    ];
    for (const secret of Object.values(canaries))
      for (const text of texts)
        assert.ok(!text.includes(secret), `${secret} is shown: ${text.slice(0, 500)}`);
  }

  /** Name of the project of a stage in Dokploy. */
  project(stage: string): string {
    return `shop-${stage}`;
  }

  /** @throws AssertionError when the server has no such service */
  async service(stage: string, name: string): Promise<Service> {
    const { services } = await look(this.world);
    return services.get(`${this.project(stage)}/${name}`) ?? assert.fail(`${stage} has no ${name}`);
  }

  /** Plans and deploys a stage, and looks at everything that must hold then. */
  async deploy(stage: string, effect: Effect = {}): Promise<void> {
    const { world } = this;
    await world.commit(`${this.operation} ${++this.count}`);
    const before = await look(world);
    const plan = this.heard(await world.pulumi.preview(stage));
    this.assertWell(plan, "the plan");
    world.emulator.clearCalls();
    const done = this.heard(await world.pulumi.up(stage));
    this.assertWell(done, "the update");
    // What an adoption changes may be known only in the update: then the plan says that it may change something.
    const isOpenNow = (message: string) =>
      this.warnings(plan).some(
        (one) => one.includes("is adopted: not known yet") && one.split(":")[0] === message.split(":")[0],
      );
    const certainly = (ran: Ran) => this.warnings(ran).filter((message) => !isOpenNow(message));
    assert.deepEqual(certainly(done), certainly(plan), "the update warns of what the plan warned of");
    const certain = actions(plan, (step) => !isOpen(step));
    const possible = actions(plan);
    const made = actions(done);
    assert.deepEqual(
      certain.filter((one) => !made.includes(one)),
      [],
      "what was planned is done",
    );
    assert.deepEqual(
      made.filter((one) => !possible.includes(one)),
      [],
      "nothing is done that was not planned",
    );
    this.assertDeployments(done);
    const after = await look(world);
    this.assertKept(stage, before, after, effect);
    this.assertServices(stage, after);
    await this.settled(stage);
  }

  /** Plans a stage once more: nothing is left to do, and nobody is asked for it. */
  async settled(stage: string): Promise<void> {
    const { world, on } = this;
    world.emulator.clearCalls();
    const again = this.heard(await world.pulumi.preview(stage));
    this.assertWell(again, "the next plan");
    assert.deepEqual(actions(again), [], "the next plan is empty");
    assert.deepEqual(this.warnings(again), [], "the next plan warns of nothing");
    const looksUp = process.env["DOKPLOY_ONLY"] !== undefined && on.ref;
    const allowed = [
      ...(on.backup && !on.bucket ? ["destination.all"] : []),
      ...(looksUp ? ["environment.one", "application.one"] : []),
    ];
    const calls = [...new Set(world.emulator.calls.map(({ endpoint }) => endpoint))];
    assert.deepEqual(
      calls.filter((call) => !allowed.includes(call) && call !== "settings.getDokployVersion"),
      [],
    );
    await world.clock.pass(600_000);
  }

  assertWell(ran: Ran, what: string): void {
    const errors = ran.diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      errors.map(({ message }) => message),
      [],
      what,
    );
    assert.ok(ran.ok, what);
  }

  /** Keeps the messages of a run, each of which must be true. */
  heard(ran: Ran): Ran {
    for (const { severity, message } of ran.diagnostics) {
      const text = `${severity}: ${message}`;
      this.said.set(text, (this.said.get(text) ?? new Set()).add(this.operation));
      for (const word of ["undefined", "[object", "NaN", unknownValue, "    at "])
        assert.ok(!message.includes(word), `a message has ${word}: ${message}`);
      // What a message says of a change, or of a deployment, is of a resource that the run changes.
      const [, label, deployed] = /^(?:\w+ "([^"]+)": this change|(\S+) is deployed)/.exec(message) ?? [];
      const name = label ?? deployed;
      if (name === undefined) continue;
      const step = ran.steps.find(({ op, urn }) => op !== "same" && urn.endsWith(`::${name}`));
      assert.ok(step ?? ran.steps.length === 0, `nothing changes of which a message says: ${message}`);
    }
    return this.world.note(ran);
  }

  private warnings(ran: Ran): string[] {
    return ran.diagnostics
      .flatMap(({ severity, message }) => (severity === "warning" ? [message] : []))
      .sort();
  }

  /** Services are deployed that the run created or changed, and no others. */
  private assertDeployments({ steps }: Ran): void {
    const changed = new Set(
      steps.flatMap(({ op, old, new: now }) => (op === "same" ? [] : [old?.id, now?.id].filter(Boolean))),
    );
    const hasCreated = steps.some(({ op }) => op === "create" || op === "replace");
    const sharesVariables = steps.some(({ op, urn }) => op !== "same" && /::shop-shared$/.test(urn));
    for (const { endpoint, input } of this.world.emulator.calls) {
      if (!/^(?!deployment|schedule|backup)\w+\.(?:deploy|redeploy|reload|start|stop)$/.test(endpoint))
        continue;
      const ids = Object.entries(Object(input)).filter(([name]) => name.endsWith("Id"));
      const isKnown = ids.some(([, id]) => changed.has(id as string));
      assert.ok(
        isKnown || hasCreated || sharesVariables || this.on.release,
        `${endpoint} of ${JSON.stringify(ids)}`,
      );
    }
  }

  /** Nothing else changes than what the operation is for. */
  private assertKept(stage: string, before: Server, after: Server, effect: Effect): void {
    const { creates = [], changes = () => false } = effect;
    const own = `${this.project(stage)}/`;
    for (const [key, old] of before.services) {
      const name = key.startsWith(own) ? key.slice(own.length) : undefined;
      if (name?.startsWith("release of ")) continue;
      if (name !== undefined && creates.includes(name)) continue;
      const now = [...after.services.values()].find(({ id }) => id === old.id);
      assert.ok(now, `${key} is still there`);
      assert.equal(now.appName, old.appName, key);
      const keys = new Set([...Object.keys(old.running), ...Object.keys(now.running)]);
      for (const variable of keys) {
        const isMeant = name !== undefined && changes(now.name, variable);
        if (isMeant || isBesides(variable)) continue;
        assert.equal(now.running[variable], old.running[variable], `${key}: ${variable}`);
      }
    }
    for (const volume of before.volumes)
      assert.ok(after.volumes.includes(volume), `the volume ${volume} is still there`);
    for (const destination of before.destinations)
      assert.ok(after.destinations.includes(destination), destination);
  }

  /** The stage has each service of the repository once, with its parts, and nothing beside them. */
  assertServices(stage: string, { services, projects }: Server): void {
    const { on, names } = this;
    const own = [...services].filter(([key]) => key.startsWith(`${this.project(stage)}/`));
    const expected = [
      names.api,
      names.worker,
      ...(on.database ? ["db"] : []),
      ...(on.compose ? ["cache"] : []),
    ];
    assert.deepEqual(
      own.map(([key]) => key.slice(key.indexOf("/") + 1)).sort(),
      [...expected, ...this.strangers(stage)].sort(),
      "each service once",
    );
    assert.equal(new Set(projects).size, projects.length, "each project once");
    const api = services.get(`${this.project(stage)}/${names.api}`);
    const published = stage === "prod" ? 2626 : 2525;
    assert.deepEqual(api?.parts, {
      domains: [
        ...(on.domain ? [`${stage}.shop.example.com/`] : []),
        ...this.others(stage, "domains"),
      ].sort(),
      mounts: [
        ...(on.file ? ["file app.toml /etc/app.toml"] : []),
        ...(on.volume ? [`volume uploads-${stage} /uploads`] : []),
        ...this.others(stage, "mounts"),
      ].sort(),
      ports: on.hostPort ? [`${published}:25`] : [],
      security: on.login ? ["admin"] : [],
      redirects: [],
      schedules: on.schedule ? ["clean"] : [],
    });
    if (!on.database) return;
    const { backups } = services.get(`${this.project(stage)}/db`)?.parts ?? {};
    assert.deepEqual(backups, on.backup ? ["0 3 * * * / 14"] : []);
  }

  /** What somebody else added to a stage, which stays. */
  readonly foreign = new Map<string, { services: string[]; domains: string[]; mounts: string[] }>();

  private strangers(stage: string): readonly string[] {
    return this.foreign.get(stage)?.services ?? [];
  }

  private others(stage: string, list: "domains" | "mounts"): readonly string[] {
    return this.foreign.get(stage)?.[list] ?? [];
  }

  /** Somebody adds a service to a stage, and a domain and a mount to its application. */
  async addByHand(stage: string): Promise<void> {
    const { world, names } = this;
    const { id } = await this.service(stage, names.api);
    const { environmentId } = await world.byHand<{ environmentId: string }>("application.one", {
      applicationId: id,
    });
    const made = await world.byHand<{ applicationId: string }>("application.create", {
      name: "stranger",
      environmentId,
    });
    await world.byHand("application.update", { applicationId: made.applicationId, env: "# mine\nHAND=1\n" });
    await world.byHand("domain.create", { applicationId: id, host: `hand-${stage}.example.com`, port: 3000 });
    await world.byHand("mounts.create", {
      ...{
        serviceId: id,
        serviceType: "application",
        type: "volume",
        volumeName: `hand-${stage}`,
        mountPath: "/hand",
      },
    });
    this.foreign.set(stage, {
      services: ["stranger"],
      domains: [`hand-${stage}.example.com/`],
      mounts: [`volume hand-${stage} /hand`],
    });
  }
}

/** Variables that Dokploy itself adds. */
function isBesides(variable: string): boolean {
  return ["APP_NAME", "COMPOSE_PROJECT_NAME", "DOCKER_CONFIG"].includes(variable);
}

/** Lists what the steps of a run change: `update api`. */
export function actions({ steps }: Ran, isMeant: (step: Step) => boolean = () => true): string[] {
  return steps
    .filter((step) => step.op !== "same" && (step.old ?? step.new)?.custom === true && isMeant(step))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

/** True for a planned update that may turn out to be none, since a value is not known before. */
function isOpen({ op, new: now }: Step): boolean {
  return op === "update" && JSON.stringify(unmarked(now?.inputs ?? {})).includes(unknownValue);
}
