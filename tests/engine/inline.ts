import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { findPulumi } from "../../scripts/toolchain.cjs";
import type { Story } from "./story";

/**
 * Runs a program of the Automation API that has its Pulumi program inside, on a stack of its own.
 *
 * @param program statements in which `dokploy` is the package
 * @returns what it printed: `succeeded`, or the message of its error
 * @throws when it does not end within 2 minutes
 */
export async function runInline(
  { workspace }: Story,
  command: "preview" | "up",
  program: string,
): Promise<string> {
  fs.writeFileSync(
    path.join(workspace.dir, "inline.js"),
    `
      const dokploy = require("pulumi-dokploy");
      const { LocalWorkspace } = require("@pulumi/pulumi/automation");
      const program = async () => { ${program} };
      LocalWorkspace.createOrSelectStack({ stackName: "inline", projectName: "shop", program })
        .then((stack) => stack.${command}())
        .then(() => console.log("succeeded"), (error) => console.log(error.message));
    `,
  );
  const bin = (await findPulumi())?.bin;
  if (bin === undefined) throw new Error("There is no Pulumi CLI");
  const { stdout } = await promisify(execFile)(process.execPath, ["inline.js"], {
    cwd: workspace.dir,
    env: { ...workspace.env, PATH: `${path.dirname(bin)}${path.delimiter}${process.env["PATH"]}` },
    timeout: 120_000,
  });
  return stdout;
}
