// The facts kept of the documents of all versions, so that another one can be added without the older documents.
const { isDeepStrictEqual } = require("node:util");

/**
 * @typedef {import("./document.cjs").Endpoint} Endpoint
 *
 * @typedef {Endpoint & {in?: string[], columnsIn?: Record<string, string[]>, was?: Record<string, Partial<Endpoint>>}} KeptEndpoint
 * An endpoint, with the facts of the newest version where versions differ. `in`: the versions that have it, absent when
 * all do. `columnsIn`: the versions that have each input, absent for inputs of all versions with the endpoint. `was`: the
 * differing facts of older versions.
 *
 * @typedef {object} Extract
 * @property {string[]} versions from the oldest to the newest
 * @property {Record<string, KeptEndpoint>} endpoints
 */

/** @type {Extract} */
const nothing = { versions: [], endpoints: {} };

/**
 * Returns the extract with one more document, or with a newer reading of one that it has. Facts that a partial
 * document omits are those of the version before it.
 *
 * @param {Extract} extract
 * @param {{version: string, endpoints: Record<string, Endpoint>, isPartial?: boolean}} document
 * @returns {Extract}
 */
function merge(extract, { version, endpoints, isPartial = false }) {
  const versions = sorted([...extract.versions, version]);
  const documents = new Map(versions.map((each) => [each, endpointsIn(extract, each)]));
  const before = documents.get(versions[versions.indexOf(version) - 1]) ?? {};
  const complete = ([name, endpoint]) => [name, completed(endpoint, before[name])];
  documents.set(version, isPartial ? Object.fromEntries(Object.entries(endpoints).map(complete)) : endpoints);
  const names = [...documents.values()].flatMap((one) => Object.keys(one));
  const kept = [...new Set(names)].sort().map((name) => [name, keptOf(name, documents)]);
  return { versions, endpoints: Object.fromEntries(kept) };
}

/**
 * Returns the endpoints of one version.
 *
 * @param {Extract} extract
 * @returns {Record<string, Endpoint>}
 */
function endpointsIn({ versions, endpoints }, version) {
  const found = {};
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const { in: all = versions, columnsIn = {}, was = {}, method } = endpoint;
    if (!all.includes(version)) continue;
    const columns = Object.keys(endpoint.takes).filter((column) =>
      (columnsIn[column] ?? all).includes(version),
    );
    const { required = endpoint.required, takes = {} } = was[version] ?? {};
    found[name] = {
      method,
      required,
      takes: Object.fromEntries(columns.map((column) => [column, takes[column] ?? endpoint.takes[column]])),
    };
  }
  return found;
}

/**
 * Returns an endpoint with known facts that it does not contradict: all of them when it names no input, as for an
 * upload; otherwise the details that its schemas lack.
 */
function completed(endpoint, known) {
  if (known === undefined) return endpoint;
  if (isDeepStrictEqual(endpoint.takes, {})) return known;
  const takes = Object.entries(endpoint.takes).map(([column, schema]) => {
    const fuller = known.takes[column];
    return [column, saysNoMore(schema, fuller) ? fuller : schema];
  });
  return { ...endpoint, takes: Object.fromEntries(takes) };
}

/** True when the other schema contains everything that a schema says. */
function saysNoMore(schema, fuller) {
  if (typeof schema !== "object" || typeof fuller !== "object") return schema === fuller;
  const isWhole = !Array.isArray(schema) || schema.length === fuller.length;
  return isWhole && Object.entries(schema).every(([word, inner]) => saysNoMore(inner, fuller[word]));
}

/** @returns {KeptEndpoint} */
function keptOf(name, documents) {
  const having = [...documents].flatMap(([version, { [name]: own }]) => (own ? [{ version, ...own }] : []));
  const [newest, ...older] = having.toReversed();
  const takes = Object.assign({}, ...having.map((each) => each.takes), newest.takes);
  const columnsIn = {};
  for (const column of Object.keys(takes)) {
    const all = having.filter((each) => column in each.takes);
    if (all.length < having.length) columnsIn[column] = all.map(({ version }) => version);
  }
  const was = {};
  for (const each of older) {
    const others = Object.entries(each.takes).filter(
      ([column, schema]) => !isDeepStrictEqual(schema, takes[column]),
    );
    const differs = {
      ...(isDeepStrictEqual(new Set(each.required), new Set(newest.required))
        ? {}
        : { required: each.required }),
      ...(others.length > 0 ? { takes: Object.fromEntries(others) } : {}),
    };
    if (Object.keys(differs).length > 0) was[each.version] = differs;
  }
  return {
    method: newest.method,
    ...(having.length < documents.size ? { in: having.map(({ version }) => version) } : {}),
    ...(Object.keys(columnsIn).length > 0 ? { columnsIn } : {}),
    ...(Object.keys(was).length > 0 ? { was } : {}),
    required: newest.required,
    takes,
  };
}

/** Returns the extract as text, with a line for each input of an endpoint. */
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

module.exports = { endpointsIn, nothing, merge, print };
