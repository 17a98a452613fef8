import * as assert from "node:assert/strict";
import { application, applicationSchema } from "../../../provider/resources/application";
import { project, projectSchema } from "../../../provider/resources/project";
import { Activity } from "../../../provider/run/activity";
import { Claims } from "../../../provider/run/claims";
import { RunCoordinator } from "../../../provider/run/coordinator";
import { Mapping } from "../../../provider/schema/mapping";

describe("a service that takes shared variables which its run saves", () => {
  const shop = { name: "shop", env: { REGION: "us" } };
  const web = {
    name: "web",
    environmentId: "e",
    source: { type: "docker", image: "acme/web:1" },
    env: { WHERE: "${{project.REGION}}" },
  };

  /** Nobody waits for time alone. */
  function arrange() {
    const claims = new Claims(undefined, new Activity(() => new Promise(() => {})));
    const projects = new RunCoordinator(project, new Mapping(projectSchema), claims);
    const services = new RunCoordinator(application, new Mapping(applicationSchema), claims);
    projects.plan(
      "shop",
      "p",
      shop,
      new Mapping(projectSchema).changes({ name: "shop", env: { REGION: "eu" } }, shop),
    );
    return { projects, services };
  }

  it("waits for them", async () => {
    const { projects, services } = arrange();
    const order: string[] = [];
    const service = services.execute("web", "a", web, async () => order.push("service"));
    await new Promise((resolve) => setImmediate(resolve));
    await projects.execute("shop", "p", shop, async () => order.push("shared"));
    await service;
    assert.deepEqual(order, ["shared", "service"]);
  });

  it("goes on at once when they cannot be saved", async () => {
    const { projects, services } = arrange();
    let begun = false;
    const service = services.execute("web", "a", web, async () => {
      begun = true;
    });
    const failing = projects.execute("shop", "p", shop, async () => {
      throw new Error("refused");
    });
    await assert.rejects(failing, /refused/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(begun, true);
    await service;
  });
});
