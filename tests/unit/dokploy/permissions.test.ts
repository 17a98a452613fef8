import * as assert from "node:assert/strict";
import type { Endpoint } from "../../../provider/dokploy";
import { isRefusal, remedyFor } from "../../../provider/dokploy/permissions";
import { memberSchema } from "../../../provider/resources";

const resource = (name: string) => `unauthorized to access resource "${name}"`;

describe("what a refused call needs", () => {
  const cases: readonly [Endpoint, string, string][] = [
    ["application.update", resource("service"), '"Create Services" (may.createServices of a Member)'],
    ["application.delete", resource("service"), '"Delete Services" (may.deleteServices of a Member)'],
    ["postgres.remove", resource("service"), '"Delete Services" (may.deleteServices of a Member)'],
    ["security.delete", resource("service"), '"Create Services" (may.createServices of a Member)'],
    ["project.create", `Error creating the project: ${resource("project")}`, "may.createProjects"],
    ["project.remove", resource("project"), "may.deleteProjects"],
    ["environment.create", resource("environment"), "may.createEnvironments"],
    ["docker.getConfig", resource("docker"), '"Access to Docker" (may.seeDocker of a Member)'],
    ["application.one", "You don't have access to this service", "(sees.serviceIds of a Member)"],
    ["project.one", "You don't have access to this project", "(sees.projectIds of a Member)"],
    [
      "environment.one",
      "You are not allowed to access this environment",
      "(sees.environmentIds of a Member)",
    ],
    ["registry.all", resource("registry"), "No member may do this"],
  ];

  it("is named as Dokploy's page of users names it, and as the resource Member does", () => {
    for (const [endpoint, words, said] of cases) {
      assert.ok(isRefusal(words), words);
      const remedy = remedyFor(endpoint, words);
      assert.ok(remedy.includes(said), `${endpoint}: ${remedy}`);
      assert.match(remedy, /owner or admin/);
    }
  });

  it("has names that are inputs of Member", () => {
    const { may, sees } = memberSchema.shape;
    const known = {
      may: Object.keys(may.unwrap().shape),
      sees: Object.keys(sees.unwrap().shape),
    };
    const named = cases.flatMap(([endpoint, words]) => [
      ...remedyFor(endpoint, words).matchAll(/\b(may|sees)\.([A-Za-z]+)/g),
    ]);
    assert.ok(named.length > 8);
    for (const [, list, name = ""] of named)
      assert.ok(known[list as keyof typeof known].includes(name), name);
  });

  it("is the general advice for other words", () => {
    assert.equal(isRefusal("Port not found"), false);
    assert.match(remedyFor("application.one", "no access"), /^Use a key of an owner or admin/);
    assert.match(remedyFor("application.one", resource("constructor")), /^No member may do this/);
  });
});
