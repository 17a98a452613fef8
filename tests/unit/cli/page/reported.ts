import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runReport } from "../../../../cli/commands";
import { connectToStack } from "../../../../cli/stack";
import type { Emulator } from "../../../../emulator";
import { removeFolder } from "../../../../scripts/remove.cjs";
import type { Shop } from "./shop";

/** Returns the page that `report --html` writes about both stages of a shop. */
export async function reported(
  emulator: Emulator,
  { pulumi }: Pick<Shop, "pulumi">,
  ...args: string[]
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dokploy-report-"));
  const file = join(folder, "report.html");
  const env = { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey };
  const connect = () => connectToStack(undefined, env);
  const stages = ["--stage", "test", "--stage", "prod", "--dir", join(folder, "none")];
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try {
    await runReport(["--html", file, ...stages, ...args], { env, pulumi, connect, progress: () => {} });
    return readFileSync(file, "utf8");
  } finally {
    process.stdout.write = write;
    removeFolder(folder);
  }
}
