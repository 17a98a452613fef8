import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import * as pulumiSdk from "@pulumi/pulumi";
import * as ts from "typescript";
import type { Ended } from "../../cli/stack";
import * as dokploy from "../../sdk";
import type { FakeTools } from "../unit/sdk/env-files/fake-tools";
import { type Around, Pulumi, type Ran } from "./pulumi";

/** What an exported project needs from the test around it. */
export interface Surroundings extends Pick<Around, "now" | "facts" | "during"> {
  readonly provider: (pulumi: Pulumi) => Around["provider"];
  readonly tools: FakeTools;
}

/** A project that `export` writes to a folder, whose calls of the Pulumi CLI and of npm are answered here. */
export class ExportedProject {
  readonly pulumi: Pulumi;
  private readonly server: net.Server;
  /** Configuration of the last plan, with the secrets that a person has yet to give. */
  private complete = "";

  private constructor(
    readonly folder: string,
    project: string,
    { provider, tools, ...around }: Surroundings,
  ) {
    this.pulumi = new Pulumi({
      ...{ ...around, folder, project },
      program: () => this.program(),
      provider: (...given) => provider(this.pulumi)(...given),
    });
    const socket = path.join(path.dirname(tools.folder), `${path.basename(folder)}.sock`);
    this.server = net.createServer({ allowHalfOpen: true }, (connection) => void this.serve(connection));
    this.server.listen(socket);
    const client = path.join(__dirname, "pulumi-tool.cjs");
    tools.install("pulumi", `exec '${process.execPath}' '${client}' '${socket}' "$@"`);
    tools.install("npm", "exit 0");
  }

  static async begin(folder: string, project: string, around: Surroundings): Promise<ExportedProject> {
    const made = new ExportedProject(folder, project, around);
    await new Promise((resolve) => made.server.once("listening", resolve));
    return made;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Adopts everything, with the values of the last plan for secrets that Dokploy does not show. */
  async up(stack: string): Promise<Ran> {
    fs.writeFileSync(this.pulumi.fileOf(stack), this.complete);
    return await this.inFolder(() => this.pulumi.up(stack));
  }

  preview(stack: string): Promise<Ran> {
    return this.inFolder(() => this.pulumi.preview(stack));
  }

  private async inFolder<T>(work: () => Promise<T>): Promise<T> {
    const before = process.cwd();
    process.chdir(this.folder);
    try {
      return await work();
    } finally {
      process.chdir(before);
    }
  }

  private program(): void {
    const { outputText } = ts.transpileModule(fs.readFileSync(path.join(this.folder, "index.ts"), "utf8"), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const modules: Record<string, unknown> = { "@pulumi/pulumi": pulumiSdk, "pulumi-dokploy": dokploy };
    new Function("require", "exports", outputText)((name: string) => modules[name], {});
  }

  private async serve(connection: net.Socket): Promise<void> {
    let asked = "";
    connection.setEncoding("utf8").on("data", (text: string) => (asked += text));
    await new Promise((resolve) => connection.once("end", resolve));
    const { args, input } = JSON.parse(asked) as { args: string[]; input: string };
    const ended = await this.command(args, input).catch((error: Error) => ({
      ...{ code: 255, stdout: "", stderr: `error: ${error.message}\n` },
    }));
    connection.end(JSON.stringify(ended));
  }

  private async command(given: readonly string[], input: string): Promise<Ended> {
    const args = given[0] === "-C" ? given.slice(2) : given;
    const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
    const name = option("--stack") ?? option("--create") ?? "";
    const done = (stdout = "") => ({ code: 0, stdout, stderr: "" });
    const file = option("--config-file");
    switch (`${args[0]} ${args[1]}`) {
      case "version undefined":
        return done("v3.216.0\n");
      case "stack select":
        if (!this.pulumi.stacks.has(name)) this.pulumi.init(name);
        return done();
      case "config set-all":
        for (const [index, word] of args.entries()) {
          if (word !== "--plaintext") continue;
          const [setting = "", ...value] = (args[index + 1] ?? "").split("=");
          this.pulumi.set(name, setting, value.join("="));
        }
        return done();
      case "config set":
        this.pulumi.set(name, option("--secret") ?? "", input.replace(/\n$/, ""), true, file);
        return done();
      case "preview --stack":
        return done(await this.planned(name, file));
      default:
        throw new Error(`there is no command ${given.join(" ")}`);
    }
  }

  /** Returns a plan with another file of configuration. */
  private async planned(stack: string, file = this.pulumi.fileOf(stack)): Promise<string> {
    const own = this.pulumi.fileOf(stack);
    const kept = fs.readFileSync(own);
    this.complete = fs.readFileSync(file, "utf8");
    fs.writeFileSync(own, this.complete);
    try {
      return Pulumi.document(await this.preview(stack));
    } finally {
      fs.writeFileSync(own, kept);
    }
  }
}
