import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Item } from "../../../../../cli/server/export/item";
import { type Decided, namesOf } from "../../../../../cli/server/export/names";
import { References } from "../../../../../cli/server/export/references";
import { definitionOf } from "../../../../../provider/resources";
import type { Kind } from "../../../../../sdk/run";

const id = (text: string) => text.padEnd(21, "0");
const item = (kind: string, ownId: string, inputs: Record<string, unknown>): Item => ({
  kind: kind as Kind,
  definition: definitionOf(kind) as unknown as Item["definition"],
  id: id(ownId),
  inputs,
  secrets: [],
  maybeSecrets: [],
  hidden: [],
  notes: [],
});

describe("the names of an exported program", () => {
  const named = (items: Item[], decided?: Decided) => {
    const names = namesOf(items, new References(items, new Map()), decided);
    return items.map((each) => [names.get(each)?.resource, names.get(each)?.variable]);
  };
  const environment = (project: string, name: string) =>
    item("Environment", `e${project}${name}`, { projectId: id(project), name });
  const service = (kind: string, ownId: string, place: string, name: string) =>
    item(kind, ownId, { environmentId: id(place), name });

  it("are never those of devices of Windows, since files have them", () => {
    const items = [
      item("Project", "p1", { name: "shop" }),
      environment("p1", "aux"),
      service("Compose", "c1", "ep1aux", "con"),
      service("Compose", "c2", "ep1aux", "LPT1"),
    ];
    assert.deepEqual(
      named(items).map(([resource]) => resource),
      ["shop", "shop-aux", "shop-aux-con", "shop-aux-lpt1"],
    );
  });

  it("are those in Dokploy, with the place in front where several have one", () => {
    const items = [
      item("Registry", "r1", { name: "ghcr.io" }),
      item("Project", "p1", { name: "Shop" }),
      item("Project", "p2", { name: "blog" }),
      environment("p1", "staging"),
      environment("p2", "staging"),
      service("Application", "a1", "ep1staging", "api"),
      service("Application", "a2", "ep2staging", "api"),
      service("Application", "a3", "ep2staging", "api"),
      service("Postgres", "d1", "ep1staging", "shop"),
      service("Compose", "c1", "ep1staging", "Café № 7"),
      item("Backup", "b1", { postgresId: id("d1"), schedule: "0 3 * * *" }),
    ];
    assert.deepEqual(named(items), [
      ["ghcr-io", "ghcrIo"],
      ["shop", "shop"],
      ["blog", "blog"],
      ["shop-staging", "shopStaging"],
      ["blog-staging", "blogStaging"],
      ["shop-staging-api", "shopStagingApi"],
      ["blog-staging-api", "blogStagingApi"],
      ["blog-staging-api-application", "blogStagingApiApplication"],
      ["shop-staging-shop", "shopStagingShop"],
      ["cafe-no-7", "cafeNo7"],
      ["shop-staging-shop-backup", "shopStagingShopBackup"],
    ]);
  });

  it("leave those to others that are decided before", () => {
    const [web, api] = [
      item("Application", "a1", { name: "web" }),
      item("Application", "a2", { name: "api" }),
    ];
    const decided = {
      given: new Map([[web, "web"]]),
      others: new Set(["Application other"]),
    };
    const other = item("Application", "a3", { name: "other" });
    assert.deepEqual(named([web, api, other], decided), [
      ["web", "web"],
      ["api", "api"],
      ["other-application", "otherApplication"],
    ]);
  });

  it("are different, of any objects, and names that TypeScript takes", () => {
    const texts = fc.oneof(
      fc.constantFrom(
        "class",
        "config",
        "dokploy",
        "1",
        "1",
        "",
        "é",
        "a-b",
        "a b",
        "aB",
        "await",
        "constructor",
      ),
      fc.string({ unit: "binary", maxLength: 8 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("Tag", "Project", "Registry"), texts), { maxLength: 12 }),
        (all) => {
          const names = named(all.map(([kind, name], at) => item(kind, `x${at}`, { name })));
          const resources = names.map(([resource]) => resource);
          const variables = names.map(([, variable]) => variable ?? "");
          assert.equal(new Set(resources).size, all.length);
          assert.equal(new Set(variables).size, all.length);
          for (const variable of variables) {
            assert.match(variable, /^[A-Za-z_][\w]*$/);
            new Function(`"use strict"; const ${variable} = 1;`);
          }
        },
      ),
    );
  });
});
