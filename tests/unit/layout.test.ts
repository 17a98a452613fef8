import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { databaseKinds } from "../../provider/dokploy";
import { allDefinitions } from "../../provider/resources";

const root = path.join(__dirname, "..", "..");
const files = ["provider", "sdk", "cli", "emulator", "plugin", "packages"].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.d)\.ts$/.test(name) && !/(?:^|[\\/])(?:tests|dist|node_modules)[\\/]/.test(name))
    .map((name) => path.join(folder, name).replaceAll("\\", "/")),
);
/** Unit tests, by their path in `tests/unit`. */
const unitTests = fs
  .readdirSync(__dirname, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => name.replaceAll("\\", "/"));
const texts = new Map(files.map((file) => [file, fs.readFileSync(path.join(root, file), "utf8")]));
const imports = new Map(files.map((file) => [file, importedBy(file)]));

/** The modules of this package that one names, for types too. */
function importedBy(file: string): string[] {
  const text = texts.get(file) ?? fs.readFileSync(path.join(root, file), "utf8");
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .flatMap((name) => {
      const target = path.posix.join(path.posix.dirname(file), name);
      return [`${target}.ts`, `${target}/index.ts`].filter((candidate) => texts.has(candidate));
    });
}

/** Groups of modules of which each reaches all others. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reach = new Map<string, Set<string>>();
  for (const start of graph.keys()) {
    const seen = new Set<string>();
    const next = [...(graph.get(start) ?? [])];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      next.push(...(graph.get(at) ?? []));
    }
    reach.set(start, seen);
  }
  const inCircles = [...graph.keys()].filter((file) => reach.get(file)?.has(file));
  const groups = new Map<string, string[]>();
  for (const file of inCircles) {
    const first =
      inCircles.find((other) => reach.get(file)?.has(other) && reach.get(other)?.has(file)) ?? file;
    groups.set(first, [...(groups.get(first) ?? []), file]);
  }
  return [...groups.values()];
}

/** The imports between folders, or between other groups of files. */
function betweenFolders(
  graph: ReadonlyMap<string, readonly string[]>,
  groupOf = folderOf,
): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const [file, names] of graph) {
    const folder = groupOf(file);
    const others = names.map(groupOf).filter((other) => other !== folder);
    folders.set(folder, [...(folders.get(folder) ?? []), ...others]);
  }
  return folders;
}

/** The floor of each group of modules: 1 without imports, otherwise one above the highest floor that it imports. */
function floorsOf(graph: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  assert.deepEqual(circles(graph), []);
  const floors = new Map<string, number>();
  const floorOf = (group: string): number => {
    const floor = floors.get(group) ?? 1 + Math.max(0, ...(graph.get(group) ?? []).map(floorOf));
    floors.set(group, floor);
    return floor;
  };
  for (const group of graph.keys()) floorOf(group);
  return floors;
}

/** The room of a file: `provider/engine` for all folders below it; a file beside the rooms is one of its own. */
function roomOf(file: string): string {
  const depth = file.startsWith("packages/compose-checks/") ? 3 : /^(?:emulator|plugin)\//.test(file) ? 1 : 2;
  return file.split("/").slice(0, depth).join("/");
}

/** The folder of a file. The door of a room is above the room's folders. */
function folderOf(file: string): string {
  return isDoor(file) ? file : path.posix.dirname(file);
}

function isDoor(file: string): boolean {
  return file === `${roomOf(file)}/index.ts`;
}

/** Whether a script writes the file. */
function isGenerated(file: string): boolean {
  return /(?:written|made) by `npm run \w+`/i.test(texts.get(file)?.slice(0, 300) ?? "");
}

describe("the modules of the package", () => {
  it("import each other in no circle", () => {
    assert.ok([...imports.values()].flat().length > 500, "the imports are found");
    assert.deepEqual(circles(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]])), [["b", "c"]]); // biome-ignore format: one line
    assert.deepEqual(circles(imports), []);
  });

  it("are in folders that import each other in no circle", () => {
    assert.deepEqual(circles(betweenFolders(new Map([["a/x", ["b/y"]], ["b/z", ["a/w"]]]))), [["a", "b"]]); // biome-ignore format: one line
    assert.deepEqual(circles(betweenFolders(imports)), []);
  });

  it("of the provider are in nine rooms that import each other in no circle", () => {
    const inProvider = [...imports].filter(([file]) => file.startsWith("provider/"));
    const rooms = betweenFolders(new Map(inProvider), roomOf);
    const names = ["deploy", "dokploy", "engine", "env", "errors", "lifecycle", "pulumi", "resources"];
    assert.deepEqual(
      [...rooms.keys()].filter((room) => !room.endsWith(".ts")).sort(),
      [...names, "schema"].map((room) => `provider/${room}`),
    );
    assert.deepEqual(circles(rooms), []);
  });

  it("of the command line are in rooms on four floors", () => {
    assert.deepEqual([...floorsOf(new Map([["a", ["b", "c"]], ["b", ["c"]]]))], [["c", 1], ["b", 2], ["a", 3]]); // biome-ignore format: one line
    const inRooms = [...imports]
      .filter(([file]) => /^cli\/.+\//.test(file))
      .map(([file, names]) => [file, names.filter((name) => name.startsWith("cli/"))] as const);
    const floors = floorsOf(betweenFolders(new Map(inRooms), roomOf));
    assert.ok(floors.size > 8, "the rooms are found");
    const above = [...floors].filter(([, floor]) => floor > 4);
    assert.deepEqual(above, [], `${[...floors].join("\n")}`);
  });

  it("of other rooms are imported through the door of their room, for types too", () => {
    const past = files
      // The entry of the package names the files themselves, since Node.js reads the names of an entry out of its code.
      .filter((file) => file !== "sdk/index.ts")
      .flatMap((file) =>
        (imports.get(file) ?? [])
          .filter((name) => roomOf(name) !== roomOf(file) && roomOf(name) !== name && !isDoor(name))
          .map((name) => `${file}: ${name}`),
      );
    assert.deepEqual(past, []);
  });

  it("of packages/compose-checks do not need the provider", () => {
    const needed = files
      .filter((file) => file.startsWith("packages/"))
      .flatMap((file) => imports.get(file) ?? []);
    assert.ok(needed.length > 50, "the imports are found");
    assert.deepEqual(
      needed.filter((file) => !file.startsWith("packages/")),
      [],
    );
  });

  it("have at most 400 lines each, unless a script writes them", () => {
    const long = files.filter(
      (file) => !isGenerated(file) && (texts.get(file) ?? "").split("\n").length - 1 > 400,
    );
    assert.deepEqual(long, []);
  });

  it("that a script writes are in folders named generated, which contain nothing else", () => {
    assert.deepEqual(
      files.filter(
        (file) => isGenerated(file) !== (path.posix.basename(path.posix.dirname(file)) === "generated"),
      ),
      [],
    );
  });

  it("of provider/resources are one for each object of Dokploy", () => {
    const resources = files.filter((file) => folderOf(file) === "provider/resources");
    const named = allDefinitions().map(({ kind }) => {
      const file = kind.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
      return `provider/resources/${file}.ts`;
    });
    assert.deepEqual([...named].sort(), [...resources].sort());
  });

  it("of the provider use no timers, except where only time shows what another machine does", () => {
    const waits = /\b(?:setTimeout|setInterval|setImmediate|node:timers|nextTick)\b|\.after\(/;
    for (const wait of ["setTimeout(f)", 'from "node:timers/promises"', "timers.after(left, resolve)"])
      assert.match(wait, waits);
    const found = files.filter((file) => /^provider\//.test(file) && waits.test(texts.get(file) ?? ""));
    const places = [...reasonsToWait.keys()];
    const placeOf = (file: string) => places.find((place) => file.startsWith(place)) ?? file;
    assert.deepEqual([...new Set(found.map(placeOf))].sort(), places.sort());
  });

  it("have their unit tests in folders of their names, next to the tests of the whole package", () => {
    const sources = new Set(files.map((file) => file.split("/").slice(0, -1).join("/")));
    const isOfCode = (folder: string) =>
      ["", "provider/", "packages/"].some((place) =>
        [...sources].some((source) => `${source}/`.startsWith(`${place}${folder}/`)),
      );
    const folders = unitTests.map((file) => path.posix.dirname(file)).filter((folder) => folder !== ".");
    assert.ok(folders.length > 100, "the tests are found");
    assert.deepEqual([...new Set(folders.filter((folder) => !isOfCode(folder)))].sort(), [
      "docs",
      "linear-time",
      "toolchain",
      "types",
    ]);
  });

  it("have unit tests that use a room through its door, as other rooms do, with few exceptions", () => {
    const inner = unitTests.filter((file) =>
      importedBy(`tests/unit/${file}`).some((name) => roomOf(name) !== name && !name.endsWith("/index.ts")),
    );
    assert.ok(inner.includes("env/swarm.test.ts"), "the imports are found");
    // Rules of pure logic with many cases, which the room's operations would hide. The number may only fall.
    assert.ok(
      inner.length <= 109,
      `${inner.length} files import inner files of a room:\n${inner.join("\n")}`,
    );
  });

  it("name the databases in one table, from which all lists of them follow", () => {
    const table = "provider/dokploy/kinds.ts";
    const scripts = fs
      .readdirSync(path.join(root, "scripts"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".cjs"))
      .map((name) => `scripts/${name.replaceAll("\\", "/")}`);
    const naming = [...files, ...scripts]
      .filter((file) => !file.startsWith("emulator/") && !isGenerated(file))
      .filter((file) => {
        const named = wordsIn(file);
        return databaseKinds.filter((kind) => named.some((word) => word.includes(kind))).length > 3;
      });
    assert.deepEqual(naming.sort(), [
      table,
      // The login of each in a compose file, with its own inputs.
      "provider/resources/backup.ts",
      // A program with databases of several kinds.
      "scripts/bench/mixed-program.cjs",
    ]);
  });
});

/** Names and texts in the code of a file, in lower case. */
function wordsIn(file: string): string[] {
  const text = texts.get(file) ?? fs.readFileSync(path.join(root, file), "utf8");
  const words: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateHead(node))
      words.push(node.text);
    else if (ts.isTemplateMiddleOrTemplateTail(node)) words.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return words.map((word) => word.toLowerCase());
}

/** Places of the provider that may wait for time. None waits for what Pulumi may begin next. */
const reasonsToWait: ReadonlyMap<string, string> = new Map([
  ["provider/deploy/", "the intervals and deadlines of polls"],
  ["provider/dokploy/batches.ts", "requests that share a request to Dokploy"],
  ["provider/dokploy/client.ts", "pauses between tries, deadlines of requests"],
  ["provider/dokploy/subscription.ts", "pings and the deadline of a subscription"],
  ["provider/pulumi/engine.ts", "the deadline of a message to the CLI"],
  ["provider/lifecycle/run/last-looks.ts", "saves of other programs, which Dokploy does not lock out"],
]);
