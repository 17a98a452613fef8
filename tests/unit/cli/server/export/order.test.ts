import * as assert from "node:assert/strict";
import { Held } from "../../../../../cli/server/export/held";
import { type Item, labelOf, nameOf } from "../../../../../cli/server/export/item";
import { ordered, rootOf, sectionsOf } from "../../../../../cli/server/export/order";
import { withParts } from "../../../../../cli/server/export/parts";
import { parentIdOf, References } from "../../../../../cli/server/export/references";
import { id, item } from "./items";

const shop = item("Project", "p2", { name: "shop" });
const blog = item("Project", "p1", { name: "blog" });
const staging = item("Environment", "e1", { projectId: id("p2"), name: "staging" });
const web = item("Application", "a1", { environmentId: id("e1"), name: "web" });
const api = item("Application", "a2", { environmentId: id("def"), name: "api" });
const backup = item("Backup", "b1", { postgresId: id("d1"), destinationId: id("s1") });
const orders = item("Postgres", "d1", { environmentId: id("e1"), name: "orders" });
const store = item("Destination", "s1", { name: "store" });
const tag = item("Tag", "t1", { name: "a-tag" });
const all = [backup, web, orders, api, staging, store, shop, tag, blog];
const defaults = new Map([[id("def"), id("p2")]]);

describe("the references of an exported program", () => {
  const references = new References(all, defaults);

  it("are the ids of other objects, and that of the default environment of a project", () => {
    assert.deepEqual([...references.of(web)], [['["environmentId"]', { to: staging, output: "id" }]]);
    assert.deepEqual(
      [...references.of(api)],
      [['["environmentId"]', { to: shop, output: "defaultEnvironmentId" }]],
    );
    assert.deepEqual(references.targets(backup), [orders, store]);
  });

  it("leave the ids of objects that the program does not have", () => {
    const open = new References([backup, store], new Map());
    assert.deepEqual(open.openIds(backup), ["postgresId"]);
    assert.deepEqual(references.openIds(backup), []);
    assert.deepEqual(new References([web], defaults).openIds(web), ["environmentId"]);
  });

  it("lead from each object to what it belongs to, and to its project", () => {
    assert.deepEqual(
      [backup, web, staging, api, shop, store].map((each) => references.parentOf(each)),
      [orders, staging, shop, shop, undefined, undefined],
    );
    assert.deepEqual(
      [backup, web, shop, store, tag].map((each) => rootOf(each, references)),
      [shop, shop, shop, undefined, undefined],
    );
    assert.equal(parentIdOf(item("EnvironmentBlock", "x", { target: { composeId: "c1" } })), "c1");
    assert.equal(parentIdOf(store), undefined);
  });
});

describe("the order of an exported program", () => {
  const names = (items: readonly Item[]) => items.map(({ kind, inputs }) => inputs["name"] ?? kind);

  it("has the server first, then each project by its name, and each object after those that it needs", () => {
    assert.deepEqual(names(ordered(new References(all, defaults))), [
      ...["a-tag", "store"],
      "blog",
      ...["shop", "api", "staging", "orders", "Backup", "web"],
    ]);
  });

  it("does not depend on ids or on the order of the server", () => {
    const first = names(ordered(new References(all, defaults)));
    assert.deepEqual(names(ordered(new References([...all].reverse(), defaults))), first);
  });

  it("has a section for each project", () => {
    const references = new References(all, defaults);
    const sections = sectionsOf(ordered(references), references);
    assert.deepEqual(
      sections.map(({ project, items }) => [project?.inputs["name"], items.length]),
      [
        [undefined, 2],
        ["blog", 1],
        ["shop", 6],
      ],
    );
  });
});

describe("what a stack already has", () => {
  it("is left out, and named where others have its id", () => {
    const held = new Held([
      { kind: "Environment", id: id("e1"), name: "live", inputs: {}, outputs: {} },
      { kind: "Project", id: id("p2"), name: "my-shop", inputs: {}, outputs: {} },
    ]);
    const [left, ...others] = held.without(new References([shop, staging, web], defaults));
    assert.deepEqual(others, []);
    assert.deepEqual(left?.notes, ["environmentId is the id of the Environment live."]);
    const [free] = held.without(new References([web, shop], defaults));
    assert.deepEqual(free?.notes, ["environmentId is the id of an object without a resource."]);
    assert.deepEqual([...held.resources], ["Environment live", "Project my-shop"]);
    assert.equal(held.nameOf({ kind: "Application", id: id("e1") }), undefined);
  });

  it("has the parts that it lists", () => {
    const outputs = { partIds: { domains: { "a.dev/": "d1" } } };
    const held = new Held([{ kind: "Application", id: "a1", name: "web", inputs: {}, outputs }]);
    assert.equal(held.nameOf({ kind: "Domain", id: "d1" }), "web");
    assert.equal(held.nameOf({ kind: "Port", id: "d1" }), undefined);
  });
});

describe("the parts of an exported service", () => {
  const domain = (ownId: string, host: string, more: Partial<Item> = {}) =>
    item("Domain", ownId, { applicationId: web.id, host }, more);
  const listed = (items: readonly Item[], isWritten = () => true) => withParts(items, isWritten);

  it("are in its list by their keys, in order, with their secrets and notes", () => {
    const { items, skipped } = listed([
      web,
      domain("d2", "b.dev", { notes: ["odd."], secrets: [["middleware"]], maybeSecrets: [["x"]] }),
      domain("d1", "a.dev"),
      domain("d3", "other.dev", { inputs: { applicationId: api.id, host: "other.dev" } }),
    ]);
    const [service, other, ...more] = items;
    assert.deepEqual(more, []);
    assert.equal(other?.inputs["host"], "other.dev");
    const { domains } = Object(service?.inputs) as { domains: Record<string, object> };
    const keys = Object.keys(domains);
    assert.deepEqual(Object.values(domains), [{ host: "a.dev" }, { host: "b.dev" }]);
    assert.deepEqual(service?.secrets, [["domains", keys[1], "middleware"]]);
    assert.deepEqual(service?.maybeSecrets, [["domains", keys[1], "x"]]);
    assert.deepEqual(service?.notes, [`domains ${keys[1]}: odd.`]);
    assert.deepEqual(skipped, []);
  });

  it("are left out where a program can have only one of two", () => {
    const { items, skipped } = listed([web, domain("d1", "a.dev"), domain("d2", "a.dev")]);
    assert.equal(items.length, 1);
    assert.deepEqual(
      skipped.map(({ id: own, parent, name }) => [own, parent, name]),
      [[id("d2"), web.id, "a.dev"]],
    );
    assert.match(
      skipped[0]?.reason ?? "",
      /^the service has two of them, .*, and a program can have only one$/,
    );
  });

  it("stay separate where the program does not have their service, which has no empty lists", () => {
    const { items } = listed([web, domain("d1", "a.dev")], () => false);
    assert.equal(items.length, 2);
    assert.deepEqual(listed([web]).items[0]?.inputs, web.inputs);
  });
});

describe("the name by which people know an object", () => {
  it("is its name, or what its kind has instead, unless that is a secret", () => {
    const domain = item("Domain", "d1", { host: "a.dev", path: "/" });
    assert.deepEqual([shop, domain, backup].map(nameOf), ["shop", "a.dev", undefined]);
    assert.equal(nameOf({ ...domain, secrets: [["host"]] }), undefined);
    assert.equal(nameOf({ ...domain, secrets: [["host", "x"], ["path"]] }), "a.dev");
    assert.equal(labelOf({ kind: "Tag", id: "t", name: "a", reason: "" }), "Tag a (t)");
    assert.equal(labelOf({ kind: "Tag", id: "t", name: undefined, reason: "" }), "Tag (t)");
  });
});
