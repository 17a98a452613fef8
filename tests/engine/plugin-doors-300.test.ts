import * as assert from "node:assert/strict";
import { pluginPrefix, typePrefix } from "../../provider/pulumi/urn";
import { isRead } from "../resources/kinds";
import { type Run, Story } from "./story";

const { ours, resources } = require("../../scripts/bench/mixed-program.cjs") as {
  ours: string;
  resources: number;
};

/** What the program of 300 resources lacks: a generated secret, a list of parts, shared variables in a block, a component. */
const program = `${ours}
const secret = make("GeneratedSecret", "session", { length: 32 });
make("Application", "reader", {
  environmentId, name: "reader", source: { type: "docker", image: "traefik/whoami:v1.11" }, deploy,
  env: { SESSION: secret.value, REGION: "\${{project.REGION}}" },
  ports: [{ publishedPort: 19999, targetPort: 80, publishMode: "host" }],
});
const aside = make("Environment", "aside", { projectId: project.id, name: "aside" });
make("EnvironmentBlock", "shared", { target: { environmentId: aside.id }, mode: "additive", env: { COLOUR: "green" } });
new dokploy.WebApp("site", {
  environmentId, image: "traefik/whoami:v1.11", host: "site.example.com", port: 80, healthPath: "/health", deploy,
  database: { kind: "postgres", image: "postgres:18" }, backup: { destinationId: destinations[0].id },
});
`;

describe("a stack of 300 resources that refer to each other", function () {
  this.timeout(600_000);
  let story: Story;
  before(async () => {
    story = await Story.begin({
      buildMs: 1,
      plugin: false,
      config: ["--plaintext", "dokploy:concurrency=8"],
    });
    story.workspace.writeProgram(program);
    await story.succeeds("up", "--skip-preview");
    assert.ok(typesIn(story, typePrefix).length > resources);
  });
  after(() => story?.end());

  /** Runs with the setting; then the update was empty, and nothing wrote to Dokploy. */
  async function movesTo(value: "true" | "false"): Promise<void> {
    const [from, to] = value === "true" ? [typePrefix, pluginPrefix] : [pluginPrefix, typePrefix];
    const types = typesIn(story, from);
    await story.succeeds("config", "set", "dokploy:plugin", value);
    const moved = await story.succeeds("up", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(writes(moved), []);
    assert.deepEqual([typesIn(story, to), typesIn(story, from)], [types, []]);
  }

  it("moves to the plugin without a change and without a call that writes", () => movesTo("true"));

  it("moves back without a change and without a call that writes", () => movesTo("false"));
});

function writes({ calls }: Run): string[] {
  return calls.filter((call) => !isRead(call));
}

/** Kinds of the resources with types of one door, without components, sorted. */
function typesIn(story: Story, prefix: string): string[] {
  const resources = story.workspace.state().resources ?? [];
  return resources
    .flatMap(({ id, type }) =>
      id !== undefined && type.startsWith(prefix) ? [type.slice(prefix.length)] : [],
    )
    .sort();
}
