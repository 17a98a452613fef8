import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { usePlugin } from "./cli";
import type { Story } from "./story";

const repository = path.join(__dirname, "..", "..");

/** An example in a checkout as a fresh clone is after its set-up: it finds `pulumi-dokploy` as the package that it is in. */
export class Example {
  /** The folder that commands run in. */
  readonly folder: string;

  /**
   * @param folder from the top of the checkout on
   */
  constructor(
    private readonly story: Story,
    folder: string,
  ) {
    const checkout = path.join(story.workspace.dir, "checkout");
    fs.mkdirSync(checkout);
    for (const name of ["package.json", "Pulumi.yaml", "examples"]) {
      fs.cpSync(path.join(repository, name), path.join(checkout, name), { recursive: true });
    }
    for (const name of ["dist", "node_modules"]) {
      fs.symlinkSync(path.join(repository, name), path.join(checkout, name), "junction");
    }
    this.folder = path.join(checkout, folder);
    if (story.workspace.plugin) usePlugin(story.workspace, this.folder);
  }

  async pulumi(command: string): Promise<string> {
    const { output } = await this.story.succeeds("-C", this.folder, ...command.split(" "));
    return output;
  }

  edit(file: string, from: string, to: string): void {
    const full = path.join(this.folder, file);
    const text = fs.readFileSync(full, "utf8");
    assert.ok(text.includes(from), `${file} has no "${from}"`);
    fs.writeFileSync(full, text.replace(from, to));
  }
}
