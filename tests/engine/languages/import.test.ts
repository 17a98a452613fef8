import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Story } from "../story";
import { beginWith, hostMilliseconds, toolOrSkip, write } from "./story";

const head = `name: shop
runtime: yaml
plugins:
  providers:
    - name: dokploy-native
      path: ./node_modules/pulumi-dokploy/plugin
`;

describe("pulumi import", function () {
  this.timeout(120_000);
  let story: Story;
  beforeEach(async function () {
    this.timeout(hostMilliseconds);
    story = await beginWith(await toolOrSkip(this, "yaml"));
    write(story, { "Pulumi.yaml": head });
  });
  afterEach(() => story?.end());

  /** Calls that may change something. */
  const writing = (calls: readonly string[]) =>
    calls.filter((call) => /\.(?!(?:one|all|list|get[A-Z]\w*)$)/.test(call));
  const code = () => fs.readFileSync(path.join(story.workspace.dir, "code.yaml"), "utf8");
  const existing = (columns: object = { replicas: 3, env: "LEVEL=info\nTOKEN=canary-1" }) =>
    story.existingApplication("web", { ...columns });

  it("writes a program of a file's objects that plans nothing, and names what Dokploy never shows", async () => {
    const applicationId = await existing();
    const domain = { host: "shop.example.com", applicationId, domainType: "application" };
    const { domainId } = await story.byHand<{ domainId: string }>("domain.create", domain);
    const { project } = await story.byHand<{ project: { projectId: string } }>("project.create", {
      name: "p",
    });
    const { projectId } = project;
    await story.byHand("project.update", { projectId, env: "REGION=eu" });
    const login = { registryUrl: "ghcr.io", username: "bot", password: "canary-2", registryType: "cloud" };
    const { registryId } = await story.byHand<{ registryId: string }>("registry.create", {
      registryName: "ghcr",
      imagePrefix: "",
      ...login,
    });
    const objects = [
      ["Application", "web", applicationId],
      ["Domain", "shop", domainId],
      ["EnvironmentBlock", "shared", `project/${projectId}`],
      ["Registry", "ghcr", registryId],
    ];
    const resources = objects.map(([kind, name, id]) => ({ type: `dokploy-native:index:${kind}`, name, id }));
    write(story, { "objects.json": JSON.stringify({ resources }) });
    const imported = await story.succeeds("import", "--file", "objects.json", "--yes", "--out", "code.yaml");
    assert.deepEqual(writing(imported.calls), []);
    assert.match(
      imported.output,
      /warning: Registry ghcr is imported without password, since Dokploy never shows that: .* \[dokploy\/hidden 5W\]/,
    );
    assert.doesNotMatch(imported.output, /almost certainly a bug|canary/);
    assert.doesNotMatch(story.workspace.stateText(), /canary/);
    assert.match(code(), /applicationId: \$\{web\.id\}/);
    assert.match(code(), /TOKEN:\s+fn::secret: canary-1/);

    write(story, { "Pulumi.yaml": head + code() });
    assert.match((await story.fails("preview")).output, /password: must not be empty/);
    const program = head + code().replace('password: ""', "password: { fn::secret: canary-2 }");
    write(story, { "Pulumi.yaml": program });
    for (const args of [["preview"], ["up", "--skip-preview"], ["refresh", "--skip-preview"], ["preview"]]) {
      const { output, calls } = await story.succeeds(...args, "--expect-no-changes");
      assert.deepEqual(writing(calls), []);
      assert.doesNotMatch(output, /canary/);
    }
    write(story, { "Pulumi.yaml": program.replace("replicas: 3", "replicas: 2") });
    await story.succeeds("up", "--skip-preview");
    assert.equal((await story.application(applicationId))["replicas"], 2);
  });

  it("and the option import leave alone what a program leaves out, in this run and in later ones", async () => {
    const id = await existing();
    const before = await story.application(id);
    const program = (more = "") => `${head}resources:
  web:
    type: dokploy-native:Application
    properties:
      environmentId: ${before["environmentId"]}
      name: web
      source: { type: docker, image: "acme/existing:1" }
      deploy: false${more}
    options:
      import: ${id}
`;
    write(story, { "Pulumi.yaml": program() });
    for (const args of [
      ["preview"],
      ["up", "--skip-preview"],
      ["up", "--skip-preview"],
      ["refresh"],
      ["preview"],
    ]) {
      const { calls } = await story.succeeds(...args);
      assert.deepEqual(writing(calls), []);
    }
    write(story, { "Pulumi.yaml": program("\n      command: serve") });
    const { calls } = await story.succeeds("up", "--skip-preview");
    assert.deepEqual(writing(calls), ["application.update"]);
    assert.deepEqual(await story.application(id), { ...before, command: "serve" });
    write(story, { "Pulumi.yaml": program() });
    await story.succeeds("up", "--skip-preview");
    assert.deepEqual(await story.application(id), before);
  });

  it("writes texts that YAML reads otherwise, which work once they are written as docs/operations/import.md says", async () => {
    const values = {
      ...{ INFINITE: ".inf", OCTAL: "0o17", EMPTY: "null", HOME: "~", TWO: "a$$b" },
      ...{ TRUE: "1", NULL: "1", PLAIN: "a", DECIMAL: "017", DATE: "2020-01-01", YES: "yes", FLOAT: "1e3" },
    };
    const env = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const id = await existing({ env: env.join("\n") });
    const [kind, ...given] = ["dokploy-native:index:Application", "web", id, "--yes", "--out", "code.yaml"];
    await story.succeeds("import", kind, ...given);
    let program = head + code();
    const rewrite = (text: RegExp, by: string) => {
      assert.match(program, text);
      program = program.replace(text, by);
      write(story, { "Pulumi.yaml": program });
    };
    write(story, { "Pulumi.yaml": program });
    assert.match((await story.fails("preview")).output, /mapping keys must be strings/);
    rewrite(/ TRUE: /, ' "TRUE": ');
    rewrite(/ NULL: /, ' "NULL": ');
    const advice = 'In YAML, quote a text such as ".inf", "0o17", "null" or "~"';
    const { output } = await story.fails("preview");
    assert.ok(output.includes(`env.INFINITE: must be a string. ${advice}`), output);
    assert.ok(output.includes(`env.OCTAL: must be a string, not a number. ${advice}`), output);
    rewrite(/INFINITE: .inf/, 'INFINITE: ".inf"');
    rewrite(/OCTAL: 0o17/, 'OCTAL: "0o17"');
    const { steps } = JSON.parse((await story.succeeds("preview", "--json")).stdout) as {
      steps: { urn: string; detailedDiff?: object }[];
    };
    const changes = Object.keys(steps.find(({ urn }) => urn.endsWith("::web"))?.detailedDiff ?? {});
    assert.deepEqual(changes.sort(), ["env.EMPTY", "env.HOME", "env.TWO"]);
    rewrite(/EMPTY: null/, 'EMPTY: "null"');
    rewrite(/HOME: ~/, 'HOME: "~"');
    rewrite(/TWO: a\$\$b/, "TWO: a$$$$$$$$b");
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("says what to do about an id of another form, and about an object that cannot be imported", async () => {
    const id = await existing();
    const refused = async (kind: string, given: string) =>
      (await story.fails("import", `dokploy-native:index:${kind}`, "it", given, "--yes")).output;
    assert.match(
      await refused("Application", "web"),
      new RegExp(`its id is not an id of Dokploy .*: that is the name of an application; give its id ${id}`),
    );
    assert.match(
      await refused("EnvironmentBlock", id),
      /its id is the kind and the id of its target, such as application\//,
    );
    assert.match(await refused("Deployment", `application/${id}`), /a deployment is an action/);
  });
});
