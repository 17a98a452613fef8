/**
 * A story that a test tells: one Pulumi stack, one emulated Dokploy, and commands of the real CLI between them.
 */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { runProcess } from "../../cli/stack/process";
import { type Emulator, startEmulator } from "../../emulator";
import { type Content, fill } from "../states/content";
import {
  type CommandResult,
  createWorkspace,
  type StateResource,
  type Workspace,
  type WorkspaceOptions,
} from "./cli";

/** A finished command, with what it asked of Dokploy. */
export interface Run extends CommandResult {
  /** All that it printed: stdout, then stderr. */
  output: string;
  /** Endpoints that it called, in their order, e.g. `application.deploy`. */
  calls: string[];
}

/** One step of a plan, as `pulumi preview --json` has it. */
export interface Step {
  op: string;
  /** Paths of what differs, sorted: `env.LOG_LEVEL`, `replicas`. */
  changed: string[];
}

export interface StoryOptions {
  /** Stack name; default `dev`. */
  stack?: string;
  /** Arguments of `pulumi config set-all`; default none. */
  config?: readonly string[];
  /** How long a build takes in the emulator, in milliseconds. */
  buildMs?: number;
  /** What the emulator holds from the start; default nothing. */
  content?: Content;
  /** See {@link WorkspaceOptions}. */
  plugin?: NonNullable<WorkspaceOptions["plugin"]>;
  /** An emulator that somebody else closes; default: one of the story's own. */
  emulator?: Emulator;
  /** The checkout of pulumi-dokploy that programs find; default this one. */
  checkout?: string;
}

/** The built command. */
const cli = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

const prelude = `
  const pulumi = require("@pulumi/pulumi");
  const dokploy = require("pulumi-dokploy");
`;

export class Story {
  private constructor(
    readonly emulator: Emulator,
    readonly workspace: Workspace,
  ) {}

  static async begin(options: StoryOptions = {}): Promise<Story> {
    const { stack = "dev", config = [], buildMs = 20, content, checkout, plugin } = options;
    const emulator = options.emulator ?? (await startEmulator({ buildMs }));
    if (content) fill(emulator, content);
    try {
      const env = {
        DOKPLOY_URL: emulator.url,
        DOKPLOY_API_KEY: emulator.apiKey,
        // Containers are watched for 10 s otherwise, with each deployment.
        DOKPLOY_WAIT_FOR: "deployed",
      };
      return new Story(
        emulator,
        await createWorkspace({
          project: "shop",
          stack,
          config,
          env,
          ...(plugin === undefined ? {} : { plugin }),
          ...(checkout ? { checkout } : {}),
        }),
      );
    } catch (error) {
      await emulator.close();
      throw error;
    }
  }

  async end(): Promise<void> {
    this.workspace.close();
    await this.emulator.close();
  }

  /** Writes the program: JavaScript that sees `pulumi` and `dokploy`. */
  program(body: string): void {
    this.workspace.writeProgram(prelude + body);
  }

  /** Writes a file of the project, by its path in it. */
  write(name: string, text: string): void {
    const file = path.join(this.workspace.dir, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  /** Runs a command of the package in the project, with all that it prints. */
  async command(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number; output: string }> {
    const { dir, env: own } = this.workspace;
    let output = "";
    const ended = await runProcess(process.execPath, [cli, ...args], {
      cwd: dir,
      env: { ...own, ...env },
      echo: (text) => {
        output += text;
      },
    });
    assert.ok(ended);
    return { code: ended.code, output };
  }

  async run(...args: string[]): Promise<Run> {
    const before = this.emulator.calls.length;
    const { code, stdout, stderr } = await this.workspace.pulumi(...args);
    const calls = this.emulator.calls.slice(before).map(({ endpoint }) => endpoint);
    return { code, stdout, stderr, output: stdout + stderr, calls };
  }

  async succeeds(...args: string[]): Promise<Run> {
    const run = await this.run(...args);
    assert.equal(run.code, 0, run.output);
    return run;
  }

  async fails(...args: string[]): Promise<Run> {
    const run = await this.run(...args);
    assert.notEqual(run.code, 0, run.output);
    return run;
  }

  /** Runs a program without a plan first; returns what that took. */
  async up(body: string): Promise<Run> {
    this.program(body);
    return await this.succeeds("up", "--skip-preview");
  }

  /**
   * Gives objects a second resource, as in a state that version 0.1.0 could write.
   *
   * @param twins the names of the second resources, by those of the first
   */
  async addDuplicates(duplicates: Readonly<Record<string, string>>): Promise<void> {
    const { resources = [], ...state } = this.workspace.state();
    const copies = resources.flatMap((resource) => {
      const duplicate = duplicates[nameOf(resource.urn)];
      return duplicate === undefined ? [] : [{ ...resource, urn: resource.urn.replace(/[^:]+$/, duplicate) }];
    });
    assert.equal(copies.length, Object.keys(duplicates).length);
    const file = path.join(this.workspace.dir, "state.json");
    const deployment = { ...state, resources: [...resources, ...copies] };
    fs.writeFileSync(file, JSON.stringify({ version: 3, deployment }));
    await this.succeeds("stack", "import", "--file", file);
  }

  /** The plan for a program, by resource name. */
  async plan(body: string): Promise<Record<string, Step>> {
    this.program(body);
    const { code, stdout, stderr } = await this.run("preview", "--json");
    // The steps alone fill pages.
    assert.equal(code, 0, stdout.slice(stdout.indexOf('"diagnostics"')) + stderr);
    const { steps = [] } = JSON.parse(stdout) as {
      steps?: { op: string; urn: string; detailedDiff?: Record<string, unknown> }[];
    };
    return Object.fromEntries(
      steps.map(({ op, urn, detailedDiff }) => [
        nameOf(urn),
        { op, changed: Object.keys(detailedDiff ?? {}).sort() },
      ]),
    );
  }

  /** The type of the resources of a kind, in URNs and plans. */
  typeOf(kind: string): string {
    return this.workspace.plugin ? `dokploy-native:index:${kind}` : `pulumi-nodejs:dynamic/dokploy:${kind}`;
  }

  /** A resource in the stack's state; undefined when it is not there. */
  find(name: string): StateResource | undefined {
    return this.workspace.state().resources?.find(({ urn }) => nameOf(urn) === name);
  }

  /** @throws when the state has no such resource */
  resource(name: string): StateResource & { id: string; outputs: Record<string, unknown> } {
    const { id, outputs, ...rest } = this.find(name) ?? {};
    if (id === undefined || outputs === undefined) throw new Error(`The state has no resource "${name}"`);
    return { ...(rest as StateResource), id, outputs };
  }

  /** A call of Dokploy's API by somebody else: by hand, from the web interface. */
  async byHand<T = Record<string, unknown>>(
    endpoint: string,
    input: Record<string, unknown>,
    key = this.emulator.apiKey,
  ): Promise<T> {
    const isQuery = /\.(?:one|all|list|search|(?:by|get)[A-Z]\w*|allByCompose|queueList)$/.test(endpoint);
    const query = isQuery ? `?${new URLSearchParams(input as Record<string, string>)}` : "";
    const response = await fetch(`${this.emulator.url}/api/${endpoint}${query}`, {
      method: isQuery ? "GET" : "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      ...(isQuery ? {} : { body: JSON.stringify(input) }),
    });
    const text = await response.text();
    assert.equal(response.status, 200, `${endpoint}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** An application that exists before any program: in a project of its own, never deployed. */
  async existingApplication(name: string, columns: Record<string, unknown> = {}): Promise<string> {
    const { environment } = await this.byHand<{ environment: { environmentId: string } }>("project.create", {
      name: `project of ${name}`,
    });
    const { environmentId } = environment;
    const { applicationId } = await this.byHand<{ applicationId: string }>("application.create", {
      name,
      environmentId,
    });
    const docker = { sourceType: "docker", dockerImage: "acme/existing:1" };
    await this.byHand("application.update", { applicationId, ...docker, ...columns });
    return applicationId;
  }

  application(id: string): Promise<ApplicationAsSeen> {
    return this.byHand<ApplicationAsSeen>("application.one", { applicationId: id });
  }
}

export interface ApplicationAsSeen extends Record<string, unknown> {
  name: string;
  appName: string;
  env: string | null;
  deployments: DeploymentAsSeen[];
}

export interface DeploymentAsSeen {
  deploymentId: string;
  title: string;
  description: string;
  status: string;
  createdAt: string;
}

/** The name that the program gave, from a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/** Without polls of deployments, and without the reads that a run makes once. */
export function essential(calls: readonly string[]): string[] {
  const once = ["settings.getDokployVersion", "docker.getServerHealth"];
  return calls.filter((call) => !call.startsWith("deployment.") && !once.includes(call));
}

export function count(calls: readonly string[], endpoint: string): number {
  return calls.filter((call) => call === endpoint).length;
}

/** Whether some line of a text holds all the parts, in their order. */
export function hasLine(text: string, ...parts: string[]): boolean {
  return text.split("\n").some((line) => {
    let from = 0;
    return parts.every((part) => {
      const at = line.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  });
}
