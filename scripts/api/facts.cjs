// The facts in the documents that the provider needs while it runs.
const { needed } = require("./requests.cjs");

const width = 110;

/** Routers whose objects another router lists, and removes by its own id. No document contains this. */
const THROUGH = { bitbucket: "gitProvider", gitea: "gitProvider", gitlab: "gitProvider" };

/**
 * @param {import("./extract.cjs").Extract} extract
 * @returns {string} a TypeScript module
 */
function facts(extract) {
  return `// Made by \`npm run api\` from the documents of Dokploy ${extract.versions.join(", ")}. Do not edit.

/** The versions of the documents, from the oldest to the newest. */
export const VERSIONS: readonly string[] = ${JSON.stringify(extract.versions)};

/** The endpoints that are read with GET, by router. All others take POST. */
export const QUERIES: Readonly<Record<string, readonly string[]>> = {
${queries(extract).join("\n")}
};

/**
 * First document that has an endpoint or a column of one, unless that is the oldest; the version that added it may be
 * between the two.
 */
export const SINCE: Readonly<Record<string, string>> = {${since(extract).join("")}
};

/**
 * Routers of objects that can be made, read and removed, and perhaps changed. \`create\` and \`update\` list what they take,
 * in \`needs\` what each call has to send, and in \`mayHave\` the rest; of an update that is also what Dokploy would set to a
 * default if it were left out. Where there is a call for each kind (\`createSlack\`), \`needs\` has what all of them need.
 * \`through\` is the router that lists and removes them, where that is another one.
 */
export const OBJECTS = {
${objects(extract).join("\n")}
} as const;
`.replace("= {\n};", "= {};");
}

function queries({ endpoints }) {
  const routers = new Map();
  for (const [name, { method }] of Object.entries(endpoints)) {
    if (method !== "GET") continue;
    const [router, verb] = split(name);
    routers.set(router, [...(routers.get(router) ?? []), verb]);
  }
  return [...routers].flatMap(([router, verbs]) => list(router, verbs, "  "));
}

function since({ versions, endpoints }) {
  const [oldest] = versions;
  return Object.entries(endpoints).flatMap(([name, { in: all = versions, columnsIn = {} }]) => {
    const columns = Object.entries(columnsIn).filter(([, had]) => had[0] !== all[0]);
    return [
      ...(all[0] === oldest ? [] : [[name, all[0]]]),
      ...columns.map(([column, had]) => [`${name}.${column}`, had[0]]),
    ].map(([what, first]) => `\n  "${what}": "${first}",`);
  });
}

function objects({ endpoints }) {
  const routers = new Set(Object.keys(endpoints).map((name) => split(name)[0]));
  return [...routers].flatMap((router) => {
    const creates = callsOf(endpoints, router, "create");
    const updates = callsOf(endpoints, router, "update");
    const one = endpoints[`${router}.one`];
    const through = THROUGH[router];
    const remove = ["remove", "delete"].find((verb) => `${through ?? router}.${verb}` in endpoints);
    if (creates.length === 0 || !one || !remove) return [];
    const [id, ...others] = one.required;
    if (id === undefined || others.length > 0)
      throw new Error(`${router}.one takes ${one.required.join(" and ")}: by which id is an object named?`);
    return [
      `  ${router}: {`,
      `    id: "${id}",`,
      `    remove: "${remove}",`,
      ...(through ? [`    through: "${through}",`] : []),
      ...call("create", creates),
      ...call("update", updates),
      "  },",
    ];
  });
}

/** Returns the `create` calls of a router; without one, `createSlack` and the like, each of which has an update too. */
function callsOf(endpoints, router, verb) {
  const kinds = Object.keys(endpoints).flatMap((name) => {
    const kind = name.startsWith(`${router}.create`) ? name.slice(`${router}.create`.length) : "";
    return kind !== "" && `${router}.update${kind}` in endpoints ? [kind] : [];
  });
  const names = (`${router}.create` in endpoints ? [""] : kinds).map((kind) => `${router}.${verb}${kind}`);
  return names
    .filter((name) => name in endpoints)
    .map((name) => ({ ...endpoints[name], needs: needed(name, endpoints[name]) }));
}

function call(verb, all) {
  const [first] = all;
  const needs = (first?.needs ?? []).filter((column) => all.every((one) => one.needs.includes(column)));
  const takes = [...new Set(all.flatMap((one) => Object.keys(one.takes)))];
  const others = takes.filter((column) => !needs.includes(column));
  return [
    `    ${verb}: {`,
    ...list("needs", needs, "      "),
    ...list("mayHave", others, "      "),
    "    },",
  ];
}

function list(name, words, indent) {
  const lines = [""];
  for (const word of words) {
    const last = lines.at(-1);
    const longer = `${last}${last === "" ? "" : " "}"${word}",`;
    if (indent.length + 2 + longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(`"${word}",`);
  }
  const [first = ""] = lines;
  const one = `${indent}${name}: [${first.replace(/,$/, "")}],`;
  if (lines.length === 1 && one.length <= width) return [one];
  return [`${indent}${name}: [`, ...lines.map((line) => `${indent}  ${line}`), `${indent}],`];
}

function split(name) {
  const dot = name.indexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

module.exports = { facts };
