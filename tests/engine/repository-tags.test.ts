import * as assert from "node:assert/strict";
import { deploys, RepositoryStory } from "./repository-story";

describe("the tag and the variables of a deployment repository", function () {
  this.timeout(240_000);
  const shop = new RepositoryStory();

  it("asks for a tag if a new service needs one", async () => {
    await shop.story.succeeds("config", "rm", "dokploy:imageTag");
    const cache = await shop.story.fails("preview");
    assert.match(
      cache.output,
      /env\.IMAGE_TAG: has no value: set dokploy:imageTags\.cache or dokploy:imageTag, or DOKPLOY_IMAGE_TAG/,
    );
    await shop.set("dokploy:imageTags.cache", "1");
    const api = await shop.story.fails("preview");
    assert.match(
      api.output,
      /source\.image: contains \$\{IMAGE_TAG\}, which has no value: set dokploy:imageTags\.api or /,
    );
  });

  it("does not ignore a tag that has no effect", async () => {
    await shop.set("dokploy:imageTags.web", "2");
    const named = await shop.story.fails("preview");
    assert.match(named.output, /dokploy:imageTags\.web gives a tag, but neither an image nor a compose file/);
    await shop.story.succeeds("config", "rm", "--path", "dokploy:imageTags.web");
    await shop.set("dokploy:only", "web");
    shop.story.workspace.env["DOKPLOY_IMAGE_TAG"] = "abc";
    const run = await shop.story.succeeds("preview");
    assert.match(run.output, /DOKPLOY_IMAGE_TAG has no effect on the services of this run: .* of web/);
    await shop.set("dokploy:only", "api web");
    assert.doesNotMatch((await shop.story.succeeds("preview")).output, /is for none/);
  });

  it("gives one tag to all services with one image", async () => {
    shop.write("services/web/dokploy-app.yaml", "kind: application\nimageOf: api\n");
    shop.write("services/cache/dokploy-app.yaml", "kind: compose\nimageOf: api\n");
    shop.write("services/cache/compose.yaml", "services:\n  cache:\n    image: acme/api:${IMAGE_TAG}\n");
    await shop.set("dokploy:imageTags.web", "3");
    const named = await shop.story.fails("preview");
    assert.match(
      named.output,
      /imageTags\.web gives a tag, but web takes the image of api: set dokploy:imageTags\.api/,
    );
    await shop.story.succeeds("config", "rm", "--path", "dokploy:imageTags.web");
    await shop.story.succeeds("config", "rm", "dokploy:imageTag");
    const { output } = await shop.story.fails("preview");
    assert.match(output, /has no value: set dokploy:imageTags\.api or dokploy:imageTag,/);
    assert.doesNotMatch(output, /set dokploy:imageTags\.(?!api )/);
    await shop.set("dokploy:imageTags.api", "2");
    await shop.up();
    const images = async () => [
      ...(await Promise.all(["api", "web"].map((name) => shop.imageOf(name)))),
      shop.running("cache")["IMAGE_TAG"],
    ];
    assert.deepEqual(await images(), ["acme/api:2", "acme/api:2", "2"]);
    await shop.set("dokploy:imageTags.api", "3");
    assert.equal(deploys(await shop.up()), 3);
    assert.deepEqual(await images(), ["acme/api:3", "acme/api:3", "3"]);

    shop.story.workspace.env["DOKPLOY_IMAGE_TAG"] = "5";
    await shop.set("dokploy:only", "web");
    const some = await shop.story.succeeds("preview");
    assert.match(
      some.output,
      /warning: .*\bapi\b.*\bcache\b.* have the image that DOKPLOY_IMAGE_TAG changes in this run/s,
    );
    await shop.set("dokploy:only", "api web cache");
    assert.doesNotMatch((await shop.story.succeeds("preview")).output, /have the image that/);
    await shop.story.succeeds("config", "rm", "dokploy:only");
    delete shop.story.workspace.env["DOKPLOY_IMAGE_TAG"];

    // An image that is written out has its tag for all, too, and a run without a tag changes nothing.
    await shop.story.succeeds("config", "rm", "dokploy:imageTags");
    assert.deepEqual((await shop.story.succeeds("preview", "--expect-no-changes")).calls, []);
    shop.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:4\n");
    await shop.up();
    assert.deepEqual(await images(), ["acme/api:4", "acme/api:4", "4"]);
  });

  it("leaves variables without a file alone, rather than replace them by the tag", async () => {
    await shop.up();
    shop.remove("envs/dev/cache.yaml");
    const run = await shop.story.fails("preview");
    assert.match(
      run.output,
      /compose file of cache reads the tag.*no variables in stage dev: create envs\/base\/cache/,
    );
    assert.deepEqual(run.calls, []);
  });

  it("recognises variables of its environment that somebody set by hand, once it exists", async () => {
    shop.remove("envs/dev/shared.yaml");
    const early = await shop.story.fails("preview");
    assert.match(early.output, /envs\/dev\/shared\.yaml does not set REGION/);
    shop.write("envs/base/api.yaml", "LOG_LEVEL: info\n");
    await shop.up();
    const { environmentId } = await shop.story.application(shop.story.resource("api").id);
    await shop.story.byHand("environment.update", { environmentId, env: "REGION=eu" });
    shop.write("envs/base/api.yaml", "REGION: !ref environment.REGION\n");
    await shop.up();
    assert.equal(shop.running("api")["REGION"], "eu");
    shop.write("envs/base/api.yaml", "REGION: !ref environment.ZONE\n");
    assert.match((await shop.story.fails("preview")).output, /ZONE.*does not find in the environment/);
  });
});
