import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PreviewStacks } from "../../../../cli/preview/stacks";
import type { Ended, RunPulumi } from "../../../../cli/stack/process";
import { type Emulator, startEmulator } from "../../../../emulator";
import { volumesVariable } from "../../../../provider/dokploy";
import { DokployClient } from "../../../../provider/dokploy/client";
import type { Api } from "../../../../provider/dokploy/endpoints";
import { readSettings } from "../../../../provider/dokploy/settings/connection";

/** A resource as `pulumi stack export` shows it. */
interface Resource {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly created?: string;
}

interface FakeStack {
  lastUpdate?: string;
  resources: Resource[];
  pending: Resource[];
  history: { kind: string; result: string; endTime: string }[];
  config: Record<string, string>;
}

const ok: Ended = { code: 0, stdout: "", stderr: "" };

/** Commands of the Pulumi CLI that previews use, with stacks in memory, and an emulated Dokploy. */
export class World {
  readonly stacks = new Map<string, FakeStack>();
  /** Calls, with what the environment adopts, and whether it says that volumes are removed. */
  readonly calls: {
    readonly args: string;
    readonly adopts: string | undefined;
    readonly removesVolumes: boolean;
  }[] = [];
  /** Time of a lock that another run holds. */
  lock: Date | undefined;
  /** Does what `pulumi up` does. */
  up: (stack: FakeStack) => Promise<Ended> = async () => ok;
  /** True when the stacks have the settings of the server. */
  hasSettings = true;
  /** Failures of the next `pulumi destroy`s. */
  readonly failures: Ended[] = [];
  readonly previews: PreviewStacks;

  private constructor(
    private readonly home: string,
    readonly folder: string,
    readonly emulator: Emulator,
    readonly api: DokployClient,
  ) {
    this.previews = new PreviewStacks(this.pulumi, folder);
  }

  static async begin(options: Parameters<typeof startEmulator>[0] = {}): Promise<World> {
    // Files outside of the repository in which a command runs are not read.
    const home = process.cwd();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-preview-env-"));
    process.chdir(folder);
    const emulator = await startEmulator({ buildMs: 5, ...options });
    const environment = { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey };
    const world = new World(
      home,
      folder,
      emulator,
      new DokployClient(readSettings({ stack: () => undefined, environment })),
    );
    world.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    world.write("Pulumi.preview.yaml", "config: {}\n");
    world.write(
      "dokploy-previews.yaml",
      "from: test\nhost: ${service}-pr-${number}.preview.acme.dev\nlimit: 3\nlifetime: 2d\n",
    );
    world.write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:${IMAGE_TAG}\n");
    world.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    return world;
  }

  async end(): Promise<void> {
    this.api.close();
    await this.emulator.close();
    process.chdir(this.home);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  write(name: string, text: string): void {
    const file = path.join(this.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  /** Adds the stack of a preview. */
  preview(number: number, lastUpdate?: Date): FakeStack {
    const stack: FakeStack = { resources: [], pending: [], history: [], config: {} };
    if (lastUpdate !== undefined) stack.lastUpdate = lastUpdate.toISOString();
    this.stacks.set(`pr-${number}`, stack);
    return stack;
  }

  resource(kind: string, name: string, id: string, inputs: Record<string, unknown> = {}): Resource {
    return { urn: `urn:pulumi:pr-12::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`, id, inputs };
  }

  commands(name: string): string[] {
    return this.calls.map(({ args }) => args).filter((args) => args.startsWith(name));
  }

  readonly pulumi: RunPulumi = async (all, { env } = {}) => {
    const given = all.filter((arg) => !["-C", this.folder, "--non-interactive"].includes(arg));
    const at = given.indexOf("--stack");
    const name = at === -1 ? "" : (given[at + 1] ?? "");
    const args = at === -1 ? given : given.filter((_, index) => index !== at && index !== at + 1);
    this.calls.push({
      args: args.join(" "),
      adopts: env?.["DOKPLOY_ADOPT"],
      removesVolumes: env?.[volumesVariable] === "true",
    });
    return await this.#run(args, name);
  };

  async #run(args: readonly string[], name: string): Promise<Ended> {
    const command = args.filter((arg) => !arg.startsWith("--")).join(" ");
    const print = (value: unknown): Ended => ({ ...ok, stdout: JSON.stringify(value) });
    const stack = this.stacks.get(name);
    if (command === "stack ls")
      return print([...this.stacks].map(([name, { lastUpdate }]) => ({ name, lastUpdate })));
    if (args[0] === "stack" && args[1] === "init") {
      this.preview(Number(args[2]?.slice("pr-".length)));
      return ok;
    }
    if (command.startsWith("config cp")) return ok;
    if (stack === undefined) return { ...ok, code: 1, stderr: `error: no stack named '${name}' found` };
    if (command.startsWith("config set")) {
      stack.config[args.at(-2) ?? ""] = args.at(-1) ?? "";
      return ok;
    }
    if (command === "config") {
      if (!this.hasSettings) return print({});
      const { url, apiKey } = this.emulator;
      return print({ "dokploy:url": { value: url }, "dokploy:apiKey": { value: apiKey } });
    }
    if (command === "stack history") return print(stack.history);
    if (command === "stack export") {
      const pending_operations = stack.pending.map((resource) => ({ type: "creating", resource }));
      return print({ deployment: { resources: stack.resources, pending_operations } });
    }
    if (command === "cancel") {
      this.lock = undefined;
      return ok;
    }
    if (this.lock !== undefined) {
      const lock = `  file:///state/lock.json: created by a@b (pid 1) at ${this.lock.toISOString()}`;
      return {
        ...ok,
        code: 255,
        stderr: `error: the stack is currently locked by 1 lock(s). Either wait:\n${lock}`,
      };
    }
    if (command === "up") return await this.up(stack);
    if (command === "destroy") {
      const failure = this.failures.shift();
      if (failure !== undefined) return failure;
      for (const { urn, id } of stack.resources.splice(0).reverse()) await destroyed(urn, id, this.api);
      stack.pending = [];
      if (args.includes("--remove")) this.stacks.delete(name);
      return ok;
    }
    throw new Error(`pulumi ${args.join(" ")}`);
  }
}

async function destroyed(urn: string, id: string, api: Api): Promise<void> {
  if (urn.includes(":Application::")) await api.call("application.delete", { applicationId: id });
  else if (urn.includes(":Compose::"))
    await api.call("compose.delete", { composeId: id, deleteVolumes: true });
  else if (urn.includes(":Postgres::")) await api.call("postgres.remove", { postgresId: id });
  else if (urn.includes(":Project::")) await api.call("project.remove", { projectId: id });
}
