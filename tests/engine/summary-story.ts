import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import type { Run, Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

/** Plans a program and sums the plan up; also ends well when the preview fails. */
export async function summaryOf(
  story: Story,
  body: string,
  ...args: string[]
): Promise<{ markdown: string; preview: Run }> {
  story.program(body);
  const preview = await story.run("preview", "--json", ...args);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "plan-summary"], {
    input: preview.stdout,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return { markdown: stdout, preview };
}

/** A program with two applications. */
export const base = `
  const shop = new dokploy.Project("shop", { name: "shop" });
  const api = new dokploy.Application("api", {
    environmentId: shop.defaultEnvironmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    env: { LEVEL: "info", OLD: "gone", TOKEN: pulumi.secret("canary-1"), WAS_PLAIN: "canary-2" },
  });
  const web = new dokploy.Application("web", {
    environmentId: shop.defaultEnvironmentId,
    name: "web",
    source: { type: "docker", image: "acme/web:1" },
    replicas: 1,
  });
`;

/** All variables of an application that is not the program's. */
export const block = (id: string) =>
  `new dokploy.EnvironmentBlock("worker-env", { target: { applicationId: "${id}" }, env: { A: "a" } });`;
