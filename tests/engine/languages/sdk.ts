/**
 * SDKs of the plugin, as `pulumi package add` makes them. The language hosts that Go builds are too old to write SDKs; then
 * the same generators do that in a program of their own, and the SDK is linked as the host would.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { findPulumi } from "../../../scripts/toolchain.cjs";
import type { Story } from "../story";
import { runs, toolOrSkip } from "./story";

const checkout = path.join(__dirname, "..", "..", "..");
const plugin = path.join(checkout, "plugin", "pulumi-resource-dokploy-native");

/** Where `pulumi package add` puts the SDK, from the project. */
export const sdkFolder = path.join("sdks", "dokploy-native");

/** Adds the SDK to the program, with `link` where Pulumi cannot. */
export async function addSdk(
  hook: Mocha.Context,
  story: Story,
  language: "nodejs" | "python" | "go",
  link: () => Promise<void>,
): Promise<void> {
  const cli = await findPulumi();
  if (cli?.origin !== "go") {
    await add(story);
    return;
  }
  const generator = await toolOrSkip(hook, "generate-sdk");
  const { dir } = story.workspace;
  const { stdout } = await story.succeeds("package", "get-schema", plugin);
  const schema = path.join(dir, "schema.json");
  fs.writeFileSync(schema, stdout);
  await runs(story, generator.file, [language, schema, path.join(dir, sdkFolder)]);
  await link();
}

async function add(story: Story): Promise<void> {
  const modules = path.join(story.workspace.dir, "node_modules");
  const own = path.join(modules, "pulumi-dokploy");
  // npm, which Pulumi runs, removes what package.json does not list: also behind links of scopes, from this checkout.
  for (const name of fs.readdirSync(modules)) {
    const link = path.join(modules, name);
    if (link !== own) fs.unlinkSync(link);
  }
  await story.succeeds("package", "add", plugin);
  if (!fs.existsSync(own)) fs.symlinkSync(checkout, own, "junction");
}
