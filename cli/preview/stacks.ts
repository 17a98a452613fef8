import { join } from "node:path";
import { yamlLibrary } from "../../packages/compose-checks/yaml";
import { variableOf, volumesVariable } from "../../provider/dokploy";
import { UserError } from "../../provider/errors";
import { isThere, parseYaml, readSource } from "../../sdk/files";
import { isPreviewNumber, previewStack, previewStage } from "../../sdk/repository";
import { type Ended, firstErrorIn, noPulumi, parsed, projectName, type RunPulumi, Stack } from "../stack";
import { relay } from "../terminal";
import { type OwnVolumes, ownVolumes } from "./volumes";

/** Stack of the preview of a pull request. */
export interface PreviewStack {
  /** Number of the pull request. */
  readonly number: string;
  /** Time of its last update; undefined before the first. */
  readonly updated: Date | undefined;
}

/** A finished deployment of a preview. */
export interface LastDeployment {
  readonly ended: Date;
  readonly succeeded: boolean;
}

/** Settings of the stack of one preview, by their paths in its configuration: `dokploy:imageTags["web"]`. */
export type PreviewSettings = Readonly<Record<string, string>>;

/** The stacks of the previews of a Pulumi project, each named `pr-<number>`. */
export class PreviewStacks {
  /** @param directory folder of the project */
  constructor(
    private readonly pulumi: RunPulumi,
    readonly directory = ".",
  ) {}

  /** Returns the stack of a preview, to read it. */
  stack(number: string): Stack {
    return new Stack(previewStack(number), (args) => this.pulumi(["-C", this.directory, ...args]));
  }

  /** Returns the names of the volumes of a preview's services. */
  volumes(number: string): OwnVolumes {
    return ownVolumes(this.directory, projectName(this.directory) ?? "", number);
  }

  /** Lists the previews, the one with the lowest number first. */
  async list(): Promise<PreviewStack[]> {
    const { stdout } = await this.#run(["stack", "ls", "--json"]);
    const stacks = parsed<readonly { name: string; lastUpdate?: string }[]>(stdout);
    return stacks
      .flatMap(({ name, lastUpdate }) => {
        // Pulumi Cloud may put the organization before the name.
        const [, number = ""] = /(?:^|\/)pr-(\d+)$/.exec(name) ?? [];
        const updated = new Date(lastUpdate ?? "");
        return isPreviewNumber(number)
          ? [{ number, updated: Number.isNaN(updated.valueOf()) ? undefined : updated }]
          : [];
      })
      .sort((a, b) => Number(a.number) - Number(b.number));
  }

  /** Returns the last finished deployment of a preview, from Pulumi's history. */
  async lastDeployment(number: string): Promise<LastDeployment | undefined> {
    const { stdout } = await this.#run(["stack", "history", "--stack", previewStack(number), "--json"]);
    const runs = parsed<readonly { kind?: string; result?: string; endTime?: string }[] | null>(stdout);
    const last = (runs ?? []).find(({ kind }) => kind === "update");
    const ended = new Date(last?.endTime ?? "");
    if (last === undefined || Number.isNaN(ended.valueOf())) return undefined;
    return { ended, succeeded: last.result === "succeeded" };
  }

  /**
   * Returns the file with the configuration that each preview gets.
   *
   * @throws UserError when it is missing
   */
  configurationFile(): string {
    const file = join(this.directory, `Pulumi.${previewStage}.yaml`);
    if (isThere(file)) return file;
    throw new UserError(
      `${file} is missing. Each preview gets the settings and secrets in it: create it with ` +
        `\`pulumi stack init ${previewStage}\` and \`pulumi config set … --stack ${previewStage}\`, and commit it.`,
    );
  }

  /**
   * Gives the stack of a preview the configuration of the stack `preview`, and its own settings. Creates the stack if it
   * is new.
   *
   * @throws UserError when the stack `preview` has no configuration here, or the CLI fails
   */
  async configure(number: string, settings: PreviewSettings, isNew: boolean): Promise<void> {
    const file = this.configurationFile();
    const stack = previewStack(number);
    if (isNew) {
      const provider = secretsProviderIn(file);
      const option = provider === undefined ? [] : ["--secrets-provider", provider];
      await this.#run(["stack", "init", stack, "--no-select", ...option]);
    }
    await this.#run(["config", "cp", "--stack", previewStage, "--dest", stack]);
    for (const [name, value] of Object.entries({ "dokploy:preview": number, ...settings }))
      await this.#run(["config", "set", "--stack", stack, "--path", "--", name, value]);
  }

  /**
   * Deploys a preview, and shows Pulumi's output on stderr.
   *
   * @param unlock true when no other run works on the preview, so that a lock is that of a killed run
   */
  async up(number: string, unlock: boolean, environment: Readonly<Record<string, string>>): Promise<Ended> {
    return await this.#start(["up", "--yes", "--skip-preview"], number, unlock, environment);
  }

  /** Deletes all resources of a preview; otherwise like `up`. */
  async destroy(number: string, unlock: boolean): Promise<Ended> {
    return await this.#start(destroy, number, unlock, removing);
  }

  /** Deletes all resources of a preview, and then its stack; otherwise like `up`. */
  async destroyAndRemove(number: string, unlock: boolean): Promise<Ended> {
    return await this.#start([...destroy, "--remove"], number, unlock, removing);
  }

  /** Runs a command of Pulumi. If a killed run left its lock, removes that, and runs the command again. */
  async #start(
    args: readonly string[],
    number: string,
    unlock: boolean,
    environment: Readonly<Record<string, string>>,
  ): Promise<Ended> {
    const stack = ["--stack", previewStack(number)];
    const start = () =>
      this.pulumi(["-C", this.directory, ...args, ...stack, "--non-interactive"], {
        // A preview adopts only what a killed run of its own left.
        env: { ...process.env, [variableOf("adopt") ?? ""]: undefined, ...environment },
        echo: relay,
      });
    let ended = await start();
    const lock = ended === undefined || ended.code === 0 ? undefined : lockTime(ended.stderr);
    if (lock !== undefined && (unlock || Date.now() - lock.valueOf() > oldLock)) {
      await this.#run(["cancel", "--yes", ...stack]);
      ended = await start();
    }
    if (ended === undefined) throw new UserError(`${noPulumi}.`);
    return ended;
  }

  /** @throws UserError when the CLI is missing or fails */
  async #run(args: readonly string[]): Promise<Ended> {
    const ended = await this.pulumi(["-C", this.directory, "--non-interactive", ...args]);
    if (ended === undefined) throw new UserError(`${noPulumi}.`);
    if (ended.code === 0) return ended;
    throw new UserError(`pulumi ${args.slice(0, 2).join(" ")} failed: ${firstErrorIn(ended.stderr)}.`);
  }
}

const destroy = ["destroy", "--yes", "--skip-preview"];
/** The provider does not advise to delete the volumes that a removal deletes, or names at its end. */
const removing = { [volumesVariable]: "true" };

/** No deployment takes longer, so that a lock of this age belongs to a run that was killed. */
const oldLock = 2 * 3_600_000;

/** Returns the time of the lock that an error of Pulumi names: `currently locked by 1 lock(s) … created by … at <time>`. */
export function lockTime(stderr: string): Date | undefined {
  const start = stderr.indexOf("currently locked by");
  const text = start === -1 ? undefined : / at (\d{4}-\d\d-\d\dT[\d:]+\S*)/.exec(stderr.slice(start))?.[1];
  const time = new Date(text ?? "");
  return Number.isNaN(time.valueOf()) ? undefined : time;
}

function secretsProviderIn(file: string): string | undefined {
  const contents = parseYaml(readSource(file), "core");
  const provider = yamlLibrary().isMap(contents) ? contents.get("secretsprovider") : undefined;
  return typeof provider === "string" ? provider : undefined;
}
