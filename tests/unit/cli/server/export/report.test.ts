import * as assert from "node:assert/strict";
import { readOptions } from "../../../../../cli/server";
import { adoptionsOf } from "../../../../../cli/server/export/adoptions";
import type { Skipped } from "../../../../../cli/server/export/item";
import type { Plan } from "../../../../../cli/server/export/plan";
import { reportOf } from "../../../../../cli/server/export/report";
import { item } from "./items";

const api = item("Application", "a2", { name: "api" }, { notes: ["env has a name that no program takes."] });
const web = item("Application", "a1", { name: "web" });
const shop = item("Project", "p1", { name: "shop" });

function plan({ missing = ["hub-password"], ...more }: Partial<Plan> & { missing?: string[] } = {}): Plan {
  return {
    ...{ items: [shop, web, api], skipped: [], unread: [] },
    names: new Map([
      [shop, { resource: "shop", variable: "shop" }],
      [web, { resource: "web", variable: "web" }],
      [api, { resource: "api", variable: "api" }],
    ]),
    settings: new Map([
      ["dokploy:adopt", "infra/dokploy-adopt.json"],
      ["dokploy:references", "warn"],
    ]),
    secrets: { values: new Map([["web-TOKEN", "canary"]]), missing, nameOf: () => undefined },
    ...more,
  } as Plan;
}

describe("the report of an export", () => {
  const report = (args: string, given = plan()) => {
    const options = readOptions(["--out", "infra", ...args.split(" ").filter(Boolean)]);
    const text = reportOf({ plan: given, options, files: ["index.ts", "b.json"], requests: 7 });
    assert.doesNotMatch(text, /canary/);
    return text.split("\n");
  };

  it("names the objects that were read and written, those managed in part, and the next steps", () => {
    assert.deepEqual(report(""), [
      "Read the server with 7 requests, all of them GET.",
      "Wrote 3 resources to infra: Application 2, Project 1.",
      "Files: index.ts, b.json",
      "1 secret went into the encrypted configuration of the stack prod, in exportedSecrets.",
      "",
      "Dokploy does not show these secrets, so set them:",
      "  pulumi config set --secret hub-password",
      "",
      "Partly managed:",
      "  Application api: env has a name that no program takes.",
      "",
      "Next:",
      "  cd infra && npm install",
      "  give the secrets above",
      "  pulumi preview    # adopts everything and changes nothing",
      "  pulumi up",
    ]);
    assert.ok(!report("", plan({ missing: [] })).includes("  give the secrets above"));
  });

  it("names all secrets to give where they were written nowhere", () => {
    const none = report("--secrets none");
    assert.ok(none.includes("  pulumi stack select --create prod"));
    assert.ok(!report("").includes("  pulumi stack select --create prod"));
    const at = none.indexOf("Set these secrets, whose values were not written anywhere:");
    assert.deepEqual(none.slice(at + 1, at + 3), [
      "  pulumi config set --secret web-TOKEN",
      "  pulumi config set --secret hub-password",
    ]);
    const env = report("--secrets env");
    const from = env.indexOf(
      "Set these variables where the program runs; their values were not written anywhere:",
    );
    assert.deepEqual(env.slice(from + 1, from + 3), ["  SECRET_WEB_TOKEN", "  SECRET_HUB_PASSWORD"]);
    assert.ok(!env.includes("  give the secrets above"));
  });

  it("names the objects that are not managed or were not read, with the reasons", () => {
    const skipped: Skipped[] = [
      { kind: "Domain", id: "d1", name: "a.dev", reason: "another Domain has the same host" },
      { kind: "Mount", id: "m1", name: undefined, reason: "it is odd" },
    ];
    const lines = report("", plan({ skipped, unread: [{ kind: "Server", reason: "no permission" }] }));
    const text = lines.join("\n");
    assert.match(
      text,
      /Not managed, because a program cannot express it:\n {2}Domain a\.dev \(d1\): another Domain has the same host\n {2}Mount \(m1\): it is odd\n/,
    );
    assert.match(text, /\nNot read:\n {2}Server: no permission\n/);
  });

  it("says how a project takes a module, with the settings that a person sets", () => {
    const next = (args: string) => {
      const lines = report(`--missing --stack prod ${args}`);
      return lines.slice(lines.indexOf("Next:") + 1);
    };
    const first = '  import "./infra";    // in the program';
    const last = "  pulumi preview    # adopts what was missing and changes nothing";
    assert.deepEqual(next(""), [first, last]);
    assert.deepEqual(next("--secrets none"), [
      first,
      "  pulumi config set dokploy:adopt infra/dokploy-adopt.json",
      "  pulumi config set dokploy:references warn",
      last,
    ]);
  });

  it("says that nothing is missing, but not of an empty server", () => {
    const empty = plan({ items: [] });
    assert.deepEqual(report("--missing --stack prod", empty), [
      "Read the server with 7 requests, all of them GET.",
      "The stack prod has everything that a resource can manage; no file was written.",
    ]);
    assert.match(report("", empty).join("\n"), /Wrote 0 resources to infra: nothing\./);
  });
});

describe("the adoption file", () => {
  it("has the ids by kind and name, both in order", () => {
    assert.equal(
      JSON.stringify(JSON.parse(adoptionsOf(plan()))),
      JSON.stringify({ Application: { api: api.id, web: web.id }, Project: { shop: shop.id } }),
    );
  });
});
