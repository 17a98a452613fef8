// What is kept of the documents of all versions, so that a further one can be added without the others at hand.

/**
 * @typedef {import("./document.cjs").Endpoint & {in?: string[], columnsIn?: Record<string, string[]>}} KeptEndpoint
 * `in`: the versions that have it, left out where all have; `columnsIn`: the same for what it takes, left out where all
 * do that have the endpoint. What differs between versions is as in the newest of them.
 *
 * @typedef {object} Extract
 * @property {string[]} versions from the oldest to the newest
 * @property {Record<string, KeptEndpoint>} endpoints
 */

/** @type {Extract} */
const nothing = { versions: [], endpoints: {} };

/**
 * The extract with one more document, or with a newer reading of one that it has.
 *
 * @param {Extract} extract
 * @param {{version: string, endpoints: Record<string, import("./document.cjs").Endpoint>}} document
 * @returns {Extract}
 */
function merge(extract, { version, endpoints }) {
  const before = without(extract, version);
  const versions = sorted([...before.versions, version]);
  const names = new Set([...Object.keys(before.endpoints), ...Object.keys(endpoints)]);
  const merged = [...names].sort().map((name) => {
    const kept = before.endpoints[name];
    const added = endpoints[name];
    return [name, spelledShort(mergeEndpoint(spelledOut(kept, before.versions), added, version), versions)];
  });
  return { versions, endpoints: Object.fromEntries(merged) };
}

function mergeEndpoint(kept, added, version) {
  if (added === undefined) return kept;
  const isNewest = (others) => others.every((other) => compare(other, version) < 0);
  const had = kept?.in ?? [];
  const takes = {};
  const columnsIn = {};
  for (const column of new Set([...Object.keys(added.takes), ...Object.keys(kept?.takes ?? {})])) {
    const old = kept?.columnsIn[column] ?? [];
    const isAdded = column in added.takes;
    columnsIn[column] = isAdded ? sorted([...old, version]) : old;
    takes[column] = isAdded && isNewest(old) ? added.takes[column] : kept.takes[column];
  }
  const { method, required } = isNewest(had) ? added : kept;
  return { method, required, takes, in: sorted([...had, version]), columnsIn };
}

/** The extract as it would be without this version. */
function without({ versions, endpoints }, version) {
  if (!versions.includes(version)) return { versions, endpoints };
  const left = versions.filter((other) => other !== version);
  const kept = {};
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const full = spelledOut(endpoint, versions);
    const columnsIn = {};
    for (const [column, had] of Object.entries(full.columnsIn)) {
      const rest = had.filter((other) => other !== version);
      if (rest.length > 0) columnsIn[column] = rest;
    }
    const rest = full.in.filter((other) => other !== version);
    const takes = Object.fromEntries(Object.keys(columnsIn).map((column) => [column, full.takes[column]]));
    if (rest.length > 0) kept[name] = spelledShort({ ...full, takes, in: rest, columnsIn }, left);
  }
  return { versions: left, endpoints: kept };
}

/** With every version named. */
function spelledOut(endpoint, versions) {
  if (endpoint === undefined) return undefined;
  const all = endpoint.in ?? versions;
  const columns = Object.keys(endpoint.takes).map((column) => [column, endpoint.columnsIn?.[column] ?? all]);
  return { ...endpoint, in: all, columnsIn: Object.fromEntries(columns) };
}

/** Without the versions that go without saying. */
function spelledShort({ method, required, takes, in: all, columnsIn }, versions) {
  const newer = Object.entries(columnsIn).filter(([, had]) => had.length < all.length);
  return {
    method,
    ...(all.length < versions.length ? { in: all } : {}),
    ...(newer.length > 0 ? { columnsIn: Object.fromEntries(newer) } : {}),
    required,
    takes,
  };
}

/** The extract as text, with a line for each thing that an endpoint takes. */
function print({ versions, endpoints }) {
  const rows = Object.entries(endpoints).map(([name, { takes, ...rest }]) => {
    const columns = Object.entries(takes).map(([column, schema]) => `      ${key(column)}: ${line(schema)}`);
    const head = Object.entries(rest).map(([word, value]) => `    ${key(word)}: ${line(value)}`);
    const body = columns.length > 0 ? `{\n${columns.join(",\n")}\n    }` : "{}";
    return `  ${key(name)}: {\n${[...head, `    "takes": ${body}`].join(",\n")}\n  }`;
  });
  return `{\n"versions": ${line(versions)},\n"endpoints": {\n${rows.join(",\n")}\n}\n}\n`;
}

const key = (name) => JSON.stringify(name);
const line = (value) => JSON.stringify(value);

const sorted = (versions) => [...new Set(versions)].sort(compare);

function compare(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

module.exports = { nothing, merge, print };
