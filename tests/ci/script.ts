/** Runs scripts of recipes alone, with other scripts in the place of the commands that they call. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const { run } = require("../../scripts/run.cjs") as {
  run(
    command: string,
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv; timeoutSeconds: number },
  ): Promise<{ code: number; output: string }>;
};

export interface Ended {
  code: number;
  /** What it printed. */
  output: string;
  /** What it wrote for the page of the run, and as outputs of the step. */
  summary: string;
  outputs: string;
}

/** The folder of any action: they find what they share from it. */
const actionPath = path.join(__dirname, "..", "..", "actions", "plan");

/** A machine that runs the scripts of one job, one after the other, with a folder that is empty at first. */
export class Machine {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-ci-"));
  readonly workspace = path.join(this.folder, "workspace");
  readonly temp = path.join(this.folder, "temp");
  private readonly bin = path.join(this.folder, "bin");

  /** @param commands scripts for bash, by the name of what they stand for */
  constructor(commands: Record<string, string> = {}) {
    for (const each of [this.workspace, this.temp, this.bin]) fs.mkdirSync(each);
    for (const [name, text] of Object.entries(commands)) this.command(name, text);
  }

  command(name: string, text: string, language = "bash"): void {
    fs.writeFileSync(path.join(this.bin, name), `#!/usr/bin/env ${language}\n${text}\n`, { mode: 0o755 });
  }

  /** Runs a script as a step of GitHub with `shell: bash`, or a job of GitLab. */
  async run(script: string, env: Record<string, string> = {}): Promise<Ended> {
    const files = {
      GITHUB_STEP_SUMMARY: path.join(this.folder, "summary"),
      GITHUB_OUTPUT: path.join(this.folder, "output"),
    };
    for (const file of Object.values(files)) fs.writeFileSync(file, "");
    const PATH = `${this.bin}${path.delimiter}${process.env["PATH"]}`;
    const { code, output } = await run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: this.workspace,
      env: { ...process.env, PATH, RUNNER_TEMP: this.temp, GITHUB_ACTION_PATH: actionPath, ...files, ...env },
      timeoutSeconds: 60,
    });
    const read = (file: string) => fs.readFileSync(file, "utf8");
    return { code, output, summary: read(files.GITHUB_STEP_SUMMARY), outputs: read(files.GITHUB_OUTPUT) };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs one script on a machine of its own. */
export async function runScript(
  script: string,
  env: Record<string, string> = {},
  commands: Record<string, string> = {},
): Promise<Ended> {
  const machine = new Machine(commands);
  try {
    return await machine.run(script, env);
  } finally {
    machine.remove();
  }
}

/**
 * `npx`, for `plan-summary`: without a plan it writes that there is none, and exits with 2. It fails where a package that
 * is not installed would be fetched.
 */
export const summarise = `
  [ "$1 $2 $3 $4" = "--no -- pulumi-dokploy plan-summary" ] || { echo "npx $*"; exit 99; }
  plan=$5
  while [ "$1" != --output ]; do shift; done
  if [ -s "$plan" ]; then cat "$plan" > "$2"; else echo "There is no plan." > "$2"; exit 2; fi
`;
