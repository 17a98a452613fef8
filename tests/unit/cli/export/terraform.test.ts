import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { terraformNames } from "../../../../cli/export/terraform";
import { UsageError } from "../../../../cli/terminal/errors";

describe("names from Terraform", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "export-terraform-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  const namesIn = (text: string) => {
    const file = path.join(folder, "show.json");
    fs.writeFileSync(file, text);
    return Object.fromEntries(terraformNames(file));
  };
  const resource = (type: string, name: string, id: string, more: object = {}) => ({
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    values: { id, password: "canary" },
    ...more,
  });

  it("are those of the resources in all modules, by the ids of their objects", () => {
    const root = {
      resources: [
        resource("dokploy_project", "shop", "p1"),
        resource("dokploy_application", "api", "a1", { index: "eu west" }),
        resource("dokploy_application", "api", "a2", { index: 0 }),
        resource("dokploy_domain", "web", "a1/d1"),
        resource("dokploy_environment", "staging", "p1:e1"),
        resource("dokploy_environment_variables", "api_variables", "a1"),
        resource("dokploy_environment_variables", "more_variables", "application/a2"),
        resource("dokploy_environment_variables", "shared", "environment/e1"),
        resource("aws_instance", "machine", "i1"),
        resource("dokploy_project", "read", "p2", { mode: "data" }),
      ],
      child_modules: [
        { child_modules: [{ resources: [resource("dokploy_registry", "ghcr_io", "r1")] }] },
        { resources: [{ type: "dokploy_tag", name: "live", values: {} }, null, 1] },
      ],
    };
    assert.deepEqual(namesIn(JSON.stringify({ format_version: "1.0", values: { root_module: root } })), {
      p1: "shop",
      a1: "api-eu-west",
      a2: "api-0",
      d1: "web",
      e1: "staging",
      r1: "ghcr_io",
      "environment/e1": "shared",
    });
  });

  it("are refused from another file, without a word of its contents", () => {
    for (const [text, reason] of [
      ["canary", /show\.json is not JSON\.$/],
      ["[]", /is not the output of `terraform show -json`\.$/],
      ['{"values":{"canary":1}}', /is not the output of `terraform show -json`\.$/],
    ] as const) {
      assert.throws(
        () => namesIn(text),
        (error: unknown) =>
          error instanceof UsageError && reason.test(error.message) && !error.message.includes("canary"),
      );
    }
    assert.throws(() => terraformNames(path.join(folder, "none.json")), /cannot be read \(ENOENT\)/);
  });
});
