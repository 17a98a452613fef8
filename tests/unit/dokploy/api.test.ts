import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import type { Model } from "../../../provider/engine";
import { allDefinitions } from "../../../provider/resources";
import { needsReference, referenceFolder } from "../../conformance/reference";
import { makeFolder, removeFolder } from "../sdk/repository/folder";

interface Endpoint {
  method: string;
  in?: string[];
  columnsIn?: Record<string, string[]>;
  was?: Record<string, { required?: string[]; takes?: Record<string, object> }>;
  required: string[];
  takes: Record<string, object>;
}
interface Extract {
  versions: string[];
  endpoints: Record<string, Endpoint>;
}
type Files = Record<"endpoints.json" | "requests.ts" | "facts.ts", string>;

const repository = path.join(__dirname, "..", "..", "..");
const { apiFiles, committedExtract, staleFiles } = require("../../../scripts/api.cjs") as {
  apiFiles(committed: Extract, documents: readonly string[]): Files;
  committedExtract(): Extract;
  staleFiles(files: Files): string[];
};

describe("the committed facts about Dokploy's API", () => {
  it("is what its own extract gives", () => {
    assert.deepEqual(staleFiles(apiFiles(committedExtract(), [])), []);
  });

  it("agrees with the document of a real server", function () {
    needsReference(this, "openapi.json");
    const document = path.join(referenceFolder ?? "", "openapi.json");
    assert.deepEqual(staleFiles(apiFiles(committedExtract(), [document])), []);
    const command = path.join(repository, "scripts", "api.cjs");
    const { status, stdout } = spawnSync(process.execPath, [command, "--check", document], {
      encoding: "utf8",
    });
    assert.deepEqual([status, stdout], [0, ""]);
  });

  it("has every column of every definition, in a call of its router that can set it", () => {
    const { endpoints } = committedExtract();
    const missing = allDefinitions().flatMap((definition) => {
      const { kind, schema } = definition;
      const names = [`${kind.charAt(0).toLowerCase()}${kind.slice(1)}`, kind.toLowerCase()];
      const router =
        "model" in definition
          ? definition.model.spec.router
          : names.find((name) => `${name}.update` in endpoints);
      const taken = Object.entries(endpoints)
        .filter(
          ([name]) =>
            (name.startsWith(`${router}.`) && /\.(create|update|save)\w*$/.test(name)) ||
            elsewhere[kind]?.includes(name),
        )
        .flatMap(([, { takes }]) => Object.keys(takes));
      const sent = "model" in definition ? sentBeside(definition.model) : [];
      return [...columnsOf(schema), ...sent]
        .filter((column) => !taken.includes(column) && !column.startsWith("as:"))
        .map((column) => `${kind}: ${column}`);
    });
    const advice =
      "no committed document has these columns in a call of the kind's router that can set them: correct the names, add " +
      "the document of a server that has them with `npm run api`, or name a call of another router in `elsewhere`";
    assert.deepEqual(missing, [], `${advice}: ${missing.join(", ")}`);
    assert.ok(allDefinitions().flatMap(({ schema }) => columnsOf(schema)).length > 100);
  });
});

/** Calls of other routers that set columns of a kind. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  Project: ["tag.bulkAssign"],
  Member: ["user.assignPermissions", "organization.updateMemberRole"],
};

/** What calls say beside the inputs. */
function sentBeside({ parents, spec }: Model): string[] {
  const places = parents.length === 0 ? [undefined] : parents.map((kind) => ({ kind, id: "id" }));
  return places.flatMap((place) => Object.keys(spec.create?.({}, place, {} as never) ?? {}));
}

function columnsOf(schema: unknown): string[] {
  if (!(schema instanceof z.ZodType)) return [];
  const column = schema.meta()?.field?.column;
  const own = column === undefined ? [] : [column];
  if (schema instanceof z.ZodOptional) return [...own, ...columnsOf(schema.unwrap())];
  if (schema instanceof z.ZodObject) return [...own, ...Object.values(schema.shape).flatMap(columnsOf)];
  if (schema instanceof z.ZodDiscriminatedUnion) return [...own, ...schema.options.flatMap(columnsOf)];
  return own;
}

type Schema = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const orNull = (schema: Schema) => ({ anyOf: [schema, { type: "null" }] });

function post(properties: Record<string, Schema>, required: string[] = []) {
  const schema = { type: "object", properties, required };
  return { post: { requestBody: { content: { "application/json": { schema } } } } };
}

function get(properties: Record<string, Schema>, required: string[] = []) {
  const parameters = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    schema,
    ...(required.includes(name) ? { required: true } : {}),
  }));
  return { get: { parameters } };
}

const one = get({ boxId: text }, ["boxId"]);
const remove = post({ boxId: text }, ["boxId"]);
const older = {
  "/box.create": post({ label: text, lid: text, shelfId: text }, ["label", "shelfId"]),
  "/box.one": one,
  "/box.update": post({ boxId: text, label: text, lid: text }, ["boxId"]),
  "/box.remove": remove,
  "/box.shake": post({ boxId: text }, ["boxId"]),
};
const newer = {
  "/box.create": post({ label: { type: "string", minLength: 1 }, lid: orNull(text), shelfId: text }, [
    "label",
    "shelfId",
  ]),
  "/box.one": one,
  "/box.update": post(
    {
      boxId: text,
      label: text,
      colour: orNull({ type: "string", enum: ["red", "blue"] }),
      depth: { type: "integer", default: 3, minimum: -9007199254740991, maximum: 50 },
    },
    ["boxId", "label"],
  ),
  "/box.remove": remove,
  "/box.list": get({ limit: { type: "number", default: 20 }, tags: { type: "array", items: orNull(text) } }),
  "/box.fill": post({
    what: { oneOf: [{ type: "object", properties: { a: text }, required: ["a"] }, { const: "all" }] },
    options: { type: "object", additionalProperties: { type: "number" } },
    nothing: { type: "object", properties: {}, additionalProperties: false },
    "odd-name": {},
  }),
};

describe("npm run api", () => {
  let folder: string;
  beforeEach(() => {
    const document = (version: string, paths: object) => JSON.stringify({ info: { version }, paths });
    folder = makeFolder({
      "old.json": document("v0.29.0", older),
      "new.json": document("v0.30.2", newer),
      "unsaid.json": document("canary", newer),
      "empty.json": "{}",
      "broken.json": "{",
    });
  });
  afterEach(() => removeFolder(folder));

  const nothing: Extract = { versions: [], endpoints: {} };
  const read = (committed: Extract, ...names: string[]): { files: Files; extract: Extract } => {
    const named = names.map((name) => {
      const [version, file] = name.includes("=") ? name.split("=") : [undefined, name];
      const found = path.join(folder, file ?? "");
      return version === undefined ? found : `${version}=${found}`;
    });
    const files = apiFiles(committed, named);
    return { files, extract: JSON.parse(files["endpoints.json"]) as Extract };
  };

  it("makes types of what each endpoint takes", () => {
    const { files } = read(nothing, "new.json");
    const body = files["requests.ts"].slice(files["requests.ts"].indexOf("export interface"));
    assert.equal(
      body,
      `export interface Requests {
  "box.create": { label: string; lid?: string | null; shelfId: string };
  "box.fill": {
    what?: { a: string } | "all";
    options?: Record<string, number>;
    nothing?: Record<string, never>;
    "odd-name"?: unknown;
  };
  "box.list": { limit?: number; tags?: (string | null)[] };
  "box.one": { boxId: string };
  "box.remove": { boxId: string };
  "box.update": { boxId: string; label: string; colour?: "red" | "blue" | null; depth: number };
}
`,
    );
  });

  it("makes facts of each object: its id, what a creation and an update take and need, how it is removed", () => {
    const { files } = read(nothing, "new.json");
    const body = files["facts.ts"].slice(files["facts.ts"].indexOf("export const OBJECTS"));
    assert.equal(
      body,
      `export const OBJECTS = {
  box: {
    id: "boxId",
    remove: "remove",
    create: {
      needs: ["label", "shelfId"],
      mayHave: ["lid"],
    },
    update: {
      needs: ["boxId", "label", "depth"],
      mayHave: ["colour"],
    },
  },
} as const;
`,
    );
    assert.match(files["facts.ts"], /QUERIES[^=]*= \{\n {2}box: \["list", "one"\],\n\};/);
    assert.match(files["facts.ts"], /SINCE[^=]*= \{\};/);
  });

  it("keeps the informative parts of schemas", () => {
    const { takes } = read(nothing, "new.json").extract.endpoints["box.update"] ?? {};
    assert.deepEqual(takes?.["colour"], { type: "string", enum: ["red", "blue"], nullable: true });
    assert.deepEqual(takes?.["depth"], { type: "integer", default: 3, maximum: 50 });
  });

  for (const [order, names] of Object.entries({
    "the older first": ["old.json", "new.json"],
    "the newer first": ["new.json", "old.json"],
    "one after the other, and one again": ["old.json", "new.json", "old.json", "new.json"],
  })) {
    it(`records the versions of each part, ${order}`, () => {
      const merged = names.reduce((committed, name) => read(committed, name).extract, nothing);
      assert.deepEqual(merged, read(nothing, "old.json", "new.json").extract);
      assert.deepEqual(merged.versions, ["0.29.0", "0.30.2"]);
      const { endpoints } = merged;
      assert.deepEqual(endpoints["box.list"]?.in, ["0.30.2"]);
      assert.deepEqual(endpoints["box.shake"]?.in, ["0.29.0"]);
      assert.equal(endpoints["box.one"]?.in, undefined);
      assert.deepEqual(endpoints["box.update"]?.columnsIn, {
        colour: ["0.30.2"],
        depth: ["0.30.2"],
        lid: ["0.29.0"],
      });
      // What differs is as in the newest, and what the older says is kept beside it.
      assert.deepEqual(endpoints["box.update"]?.was, { "0.29.0": { required: ["boxId"] } });
      assert.deepEqual(endpoints["box.create"]?.was, {
        "0.29.0": { takes: { label: { type: "string" }, lid: { type: "string" } } },
      });
      assert.deepEqual(endpoints["box.create"]?.takes["label"], { type: "string", minLength: 1 });
      assert.deepEqual(endpoints["box.update"]?.required, ["boxId", "label"]);
      const { files } = read(merged);
      assert.match(
        files["facts.ts"],
        /SINCE[^=]*= \{\n {2}"box\.fill": "0\.30\.2",\n {2}"box\.list": "0\.30\.2",\n {2}"box\.update\.colour": "0\.30\.2",\n {2}"box\.update\.depth": "0\.30\.2",\n\};/,
      );
      assert.match(files["requests.ts"], /documents of Dokploy 0\.29\.0, 0\.30\.2/);
      assert.match(files["requests.ts"], /"box\.shake": \{ boxId: string \};/);
    });
  }

  it("reads the inputs of Dokploy's own tools, and completes them from the previous version", () => {
    const tool = (method: string, properties: object, required: string[] = []) => ({
      method,
      input: { type: "object", properties, required },
    });
    fs.writeFileSync(
      path.join(folder, "tools.json"),
      JSON.stringify({
        "box.create": tool(
          "POST",
          {
            label: { type: "string", minLength: 1 },
            lid: { type: ["string", "null"] },
            // Less than before, which is no statement, and more.
            shelfId: { allOf: [{}, {}] },
            shape: { type: ["string", "null"], enum: ["round", null] },
          },
          ["label", "shelfId", "shape"],
        ),
        // As an upload is told.
        "box.remove": tool("POST", {}),
        "box.one": tool("GET", { boxId: { type: "string", minLength: 1 } }, ["boxId"]),
      }),
    );
    assert.throws(() => read(nothing, "tools.json"), /tools\.json does not say of which version it is/);
    const { endpoints, versions } = read(nothing, "new.json", "0.31.0=tools.json").extract;
    assert.deepEqual(versions, ["0.30.2", "0.31.0"]);
    assert.deepEqual(endpoints["box.create"], {
      method: "POST",
      columnsIn: { shape: ["0.31.0"] },
      was: { "0.30.2": { required: ["label", "shelfId"] } },
      required: ["label", "shelfId", "shape"],
      takes: {
        label: { type: "string", minLength: 1 },
        lid: { type: "string", nullable: true },
        shelfId: { type: "string" },
        shape: { type: "string", const: "round", nullable: true },
      },
    });
    assert.deepEqual(endpoints["box.remove"], {
      method: "POST",
      required: ["boxId"],
      takes: { boxId: { type: "string" } },
    });
    assert.deepEqual(endpoints["box.one"]?.was, { "0.30.2": { takes: { boxId: { type: "string" } } } });
    assert.deepEqual(endpoints["box.list"]?.in, ["0.30.2"]);
  });

  it("drops a part when the version's document is read again without it", () => {
    const before = read(nothing, "old.json", "new.json").extract;
    const { "/box.shake": _, ...rest } = older;
    fs.writeFileSync(
      path.join(folder, "old.json"),
      JSON.stringify({ info: { version: "v0.29.0" }, paths: rest }),
    );
    const { endpoints } = read(before, "old.json").extract;
    assert.equal(endpoints["box.shake"], undefined);
    assert.deepEqual(endpoints["box.list"]?.in, ["0.30.2"]);
  });

  it("takes the version from the command if the document has none, and refuses a different one", () => {
    assert.deepEqual(read(nothing, "0.31.0=unsaid.json").extract.versions, ["0.31.0"]);
    assert.deepEqual(read(nothing, "0.30.2=new.json").extract.versions, ["0.30.2"]);
    assert.throws(() => read(nothing, "unsaid.json"), /unsaid\.json does not say of which version it is/);
    assert.throws(
      () => read(nothing, "0.31.0=new.json"),
      /is the document of Dokploy 0\.30\.2, not of 0\.31\.0/,
    );
  });

  it("refuses anything but a document", () => {
    assert.throws(() => read(nothing, "0.30.2=empty.json"), /names no endpoint/);
    assert.throws(() => read(nothing, "broken.json"), /broken\.json cannot be read: /);
    assert.throws(() => read(nothing, "missing.json"), /missing\.json cannot be read: /);
    assert.throws(() => read(nothing), /name the document of a server/);
  });
});
