import * as assert from "node:assert/strict";
import { Story } from "./story";

/** The steps of "Rotate a key" in docs/operations/keys-and-state.md. */
describe("rotating an API key", function () {
  this.timeout(120_000);
  let story: Story;
  let id: string;
  before(async () => {
    story = await Story.begin();
    delete story.workspace.env["DOKPLOY_API_KEY"];
    id = await story.existingApplication("api");
  });
  after(() => story?.end());

  async function ask<T>(key: string, endpoint: string, input?: object): Promise<T> {
    const response = await fetch(`${story.emulator.url}/api/${endpoint}`, {
      method: input ? "POST" : "GET",
      headers: { "x-api-key": key, "content-type": "application/json" },
      ...(input ? { body: JSON.stringify(input) } : {}),
    });
    assert.equal(response.status, 200, endpoint);
    return (await response.json()) as T;
  }

  async function newKey(name: string): Promise<{ id: string; key: string }> {
    const { apiKey } = story.emulator;
    const organization = await ask<{ id: string }>(apiKey, "organization.active");
    const settings = { name, metadata: { organizationId: organization.id }, rateLimitEnabled: false };
    return await ask(apiKey, "user.createApiKey", settings);
  }

  const useKey = (key: string) => story.succeeds("config", "set", "--secret", "dokploy:apiKey", key);

  it("works at every step with one of the two keys", async () => {
    const [first, second] = [await newKey("ci-1"), await newKey("ci-2")];
    await useKey(first.key);
    await story.up(`
      new dokploy.EnvironmentBlock("api", { target: { applicationId: "${id}" }, env: { LEVEL: "info" } });
    `);

    await useKey(second.key);
    const proof = await story.succeeds("preview", "--refresh", "--run-program");
    assert.ok(proof.calls.includes("application.one"), "it reads everything with the new key");
    await story.succeeds("up", "--skip-preview", "--expect-no-changes");
    await ask(story.emulator.apiKey, "user.deleteApiKey", { apiKeyId: first.id });

    const refresh = await story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
    assert.ok(refresh.calls.includes("application.one"));
    await story.succeeds("preview", "--expect-no-changes");
  });
});
