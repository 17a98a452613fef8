import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Story } from "../story";
import { beginWith, hostMilliseconds, secret, toolOrSkip } from "./story";

const head = `name: shop
runtime: yaml
plugins:
  providers:
    - name: dokploy-native
      path: ./node_modules/pulumi-dokploy/plugin
config:
  sessionSecret: { type: string, secret: true }
`;
const service = `${head}resources:
  shop:
    type: dokploy-native:Project
    properties: { name: shop }
  api:
    type: dokploy-native:Application
    properties:
      environmentId: \${shop.defaultEnvironmentId}
      name: api
      source: { type: docker, image: "acme/api:1" }
      envFiles: [envs/base.yaml, envs/test.env]
      secrets: { session: "\${sessionSecret}" }
      env: { MODE: own }
`;
const repository = `${head}resources:
  shop:
    type: dokploy-native:DeploymentRepository
    properties: { stage: test }
outputs:
  environmentId: \${shop.environmentId}
`;

describe("files in a program in YAML", function () {
  this.timeout(120_000);
  let story: Story;
  before(async function () {
    this.timeout(hostMilliseconds);
    await toolOrSkip(this, "yaml");
  });
  beforeEach(async function () {
    story = await beginWith(await toolOrSkip(this, "yaml"));
  });
  afterEach(() => story?.end());

  const write = (name: string, text: string) => {
    const file = path.join(story.workspace.dir, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  const hides = (text: string) => assert.doesNotMatch(text, new RegExp(secret));

  it("give the variables of a service, which a plan shows one by one", async () => {
    write("Pulumi.yaml", service);
    write("envs/base.yaml", "LEVEL: info\nMODE: base\nSESSION: !secret session\n");
    write("envs/test.env", "LEVEL=debug\n");
    const { output } = await story.succeeds("preview", "--diff");
    assert.match(output, /LEVEL\s*: "debug"/);
    assert.match(output, /SESSION\s*: \[secret\]/);
    await story.succeeds("up", "--skip-preview");
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), {
      LEVEL: "debug",
      MODE: "own",
      SESSION: secret,
    });
    hides(output + story.workspace.stateText());
    await story.succeeds("preview", "--expect-no-changes");

    write("envs/test.env", "LEVEL=trace\n");
    const { output: changed } = await story.succeeds("preview", "--diff");
    assert.match(changed, /~ LEVEL\s*: "debug" => "trace"/);
    assert.match(changed, /~ 1 to update/);

    write("envs/test.env", "LEVEL=trace\nLEVEL=info\n");
    const { output: refused } = await story.fails("preview");
    assert.match(refused, /envs\/test\.env:2:1: LEVEL: appears twice/);
    hides(refused);
  });

  it("describe all services of a deployment repository", async () => {
    write("Pulumi.yaml", repository);
    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    write("envs/test/api.yaml", "LEVEL: info\nSESSION: !secret sessionSecret\n");
    const { output } = await story.succeeds("up", "--skip-preview");
    assert.match(output, /environmentId\s*: "\S{21}"/);
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), {
      LEVEL: "info",
      SESSION: secret,
    });
    hides(output + story.workspace.stateText());
    await story.succeeds("preview", "--expect-no-changes");
    await story.succeeds("destroy");
    assert.deepEqual(await story.byHand("project.all", {}), []);
  });
});
