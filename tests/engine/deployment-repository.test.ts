import * as assert from "node:assert/strict";
import { deploys, program, RepositoryStory } from "./repository-story";

describe("a deployment repository", function () {
  this.timeout(240_000);
  const shop = new RepositoryStory();

  it("creates every service with the variables and the image of its stage, and then has nothing to do", async () => {
    const first = await shop.up();
    assert.doesNotMatch(first.output + shop.story.workspace.stateText(), /canary/);
    assert.doesNotMatch(first.output, /warning/);
    assert.equal(deploys(first), 3);
    assert.deepEqual(
      {
        level: shop.running("api")["LOG_LEVEL"],
        region: shop.running("api")["REGION"],
        token: shop.running("api")["API_TOKEN"],
      },
      { level: "debug", region: "eu", token: "canary-api" },
    );
    assert.equal(await shop.imageOf("api"), "acme/api:1.0");
    assert.equal(shop.running("cache")["IMAGE_TAG"], "1.0");
    // So Pulumi changes the one before the other, and deletes them in the reverse order.
    const needs = (name: string) => shop.story.resource(name)["dependencies"] as string[];
    const { urn: cache } = shop.story.resource("cache");
    assert.deepEqual([needs("api").includes(cache), needs("web").includes(cache)], [true, false]);
    const again = await shop.story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(again.calls, []);

    // Without a tag, what is deployed stays: a preview of a pull request need not know it.
    await shop.story.succeeds("config", "rm", "dokploy:imageTag");
    assert.deepEqual((await shop.story.succeeds("preview", "--expect-no-changes")).calls, []);

    await shop.set("dokploy:imageTags.api", "1.1");
    assert.equal(deploys(await shop.up()), 1);
    assert.equal(await shop.imageOf("api"), "acme/api:1.1");

    shop.write("envs/dev/shared.yaml", "REGION: us\n");
    const shared = await shop.up();
    assert.deepEqual([deploys(shared), shop.running("api")["REGION"]], [1, "us"], shared.output);
    await shop.story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(await shop.story.byHand<unknown[]>("project.all", {}), []);
  });

  it("reports files without a service, services without variables, and all mistakes at once", async () => {
    shop.write("envs/dev/wbe.yaml", "A: 1\n");
    shop.remove("envs/dev/web.yaml");
    const odd = await shop.story.succeeds("preview");
    assert.match(odd.output, /envs\/dev\/wbe\.yaml belongs to no service.*api, cache, web/);
    assert.match(odd.output, /service web has no variables in stage dev.*create envs\/base\/web\.yaml/);

    shop.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:1\nreplica: 2\ndependsOn: [db]\n",
    );
    shop.write(
      "services/web/dokploy-app.yaml",
      "kind: application\nimage: acme/web:1\nbuildSecrets: { X: !secret nope }\n",
    );
    shop.write("envs/dev/web.yaml", "A: [1]\n");
    shop.write("envs/dev/shared.yaml", "B: [1]\n");
    shop.remove("services/cache/compose.yaml");
    const bad = await shop.story.fails("preview");
    for (const place of [
      "envs/dev/web.yaml:1:4: A",
      "envs/dev/shared.yaml:1:4: B",
      "services/cache/dokploy-app.yaml: is",
    ]) {
      assert.ok(bad.output.includes(place), `${place}\n${bad.output}`);
    }
    assert.match(
      bad.output,
      /services\/api\/dokploy-app\.yaml:3:1: replica: is not an input of an application/,
    );
    assert.match(
      bad.output,
      /services\/web\/dokploy-app\.yaml:3:\d+: .*no secret shop:nope.*pulumi config set --secret shop:nope/,
    );
    assert.doesNotMatch(bad.output, /^\s+at /m);
    assert.deepEqual(bad.calls, []);

    shop.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\ndependsOn: [web]\n");
    shop.write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:1\ndependsOn: [api]\n");
    for (const name of ["envs/dev/web.yaml", "envs/dev/shared.yaml"]) shop.write(name, "REGION: 1\n");
    shop.write("services/cache/compose.yaml", "services:\n  cache:\n    image: redis:7\n");
    assert.match((await shop.story.fails("preview")).output, /dependsOn forms a circle: api -> web -> api/);
  });

  it("may be one of several in a program, as long as their services have different names", async () => {
    shop.write("more/services/jobs/dokploy-app.yaml", "kind: application\nimage: acme/jobs:1\n");
    shop.write("more/envs/dev/jobs.yaml", "WHERE: !ref environment.REGION\n");
    shop.write("more/envs/dev/shared.yaml", "REGION: us\n");
    shop.story.program(`${program} new dokploy.DeploymentRepository("more", { directory: "more" });`);
    await shop.up();
    assert.deepEqual([shop.running("api")["REGION"], shop.running("jobs")["WHERE"]], ["eu", "us"]);
    shop.write("more/services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    assert.match(
      (await shop.story.fails("preview")).output,
      /Two repositories of this program have the service api/,
    );
  });
});
