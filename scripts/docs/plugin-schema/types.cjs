// The named types of the package schema: objects and enumerations. Inputs with the same shape share one type.
"use strict";
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..", "..");

/**
 * @typedef {object} Place place at which a type is used
 * @property {string} owner resource, function or type that has it: `Application`
 * @property {readonly string[]} path `["source", "docker"]`
 * @property {string} [kind] kind of resource that the owner is, or is about
 * @property {boolean} [isOwn] true for a type that no other place shares
 */

/** Returns the name of the package. */
function packageName() {
  return require(path.join(root, "provider", "pulumi", "urn.ts")).pluginPackage;
}

/** Returns the token of a resource, a function or a type. */
function tokenOf(name) {
  return require(path.join(root, "provider", "pulumi", "urn.ts")).pluginPrefix + name;
}

/** Returns the place of a member. */
function within({ owner, path, kind }, name) {
  return { owner, path: [...path, name], ...(kind === undefined ? {} : { kind }) };
}

/** Collects the named types, and names them once all places that use them are known. */
class Types {
  /** @type {Map<string, { spec: object, places: Place[] }>} by the text of their shapes */
  #shapes = new Map();

  /**
   * Returns a reference to the object type with these members.
   *
   * @param {Place} place
   * @param {{ properties: object, required: string[] }} members
   */
  object(place, { properties, required }) {
    const spec = { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
    return this.#reference(place, JSON.stringify([place.isOwn ? place.owner : "", spec]), spec);
  }

  /**
   * Returns a reference to the enumeration of these words.
   *
   * @param {Place} place
   * @param {readonly string[]} words
   */
  enumeration(place, words) {
    const spec = { type: "string", enum: words.map((value) => ({ name: identifierOf(value), value })) };
    return this.#reference(place, JSON.stringify(["enum", ...[...words].sort()]), spec);
  }

  #reference(place, shape, spec) {
    const found = this.#shapes.get(shape) ?? { spec, places: [] };
    this.#shapes.set(shape, found);
    found.places.push(place);
    return { $ref: `#${[...this.#shapes.keys()].indexOf(shape)}` };
  }

  /**
   * Returns the types by their tokens, and a copy of the rest of the schema that refers to them by these.
   *
   * @template T
   * @param {T} rest
   * @returns {{ types: object, rest: T }}
   */
  named(rest) {
    const names = namesOf([...this.#shapes.values()].map(({ places }) => places));
    const refer = (value) => {
      if (Array.isArray(value)) return value.map(refer);
      if (typeof value === "string" && /^#\d+$/.test(value))
        return `#/types/${tokenOf(names[Number(value.slice(1))])}`;
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, refer(inner)]));
    };
    const types = [...this.#shapes.values()].map(({ spec }, at) => [tokenOf(names[at]), refer(spec)]);
    return { types: Object.fromEntries(types.sort(([a], [b]) => (a < b ? -1 : 1))), rest: refer(rest) };
  }
}

/**
 * Returns a name for each type.
 *
 * @param {readonly (readonly Place[])[]} all
 * @returns {string[]}
 */
function namesOf(all) {
  const candidates = all.map(candidatesOf);
  const taken = new Set();
  // Types with a name of their own come first, so that another type never changes it.
  for (const options of candidates) if (options.length === 1) taken.add(options[0]);
  return candidates.map((options) => {
    if (options.length === 1) return options[0];
    const name = options.find((option) => !taken.has(option));
    if (name === undefined) throw new Error(`No name is left for the type ${options[0]}.`);
    taken.add(name);
    return name;
  });
}

/** Returns the possible names of a type: the name of its owner and its path, or its path alone if several kinds have it. */
function candidatesOf(places) {
  const nameOf = ({ owner, path }) => {
    const rest = path.map(capital).join("");
    return rest.startsWith(owner) ? rest : `${owner}${rest}`;
  };
  const ofResources = places.filter(({ owner, kind }) => owner === kind);
  const isShared = new Set(ofResources.map(({ kind }) => kind)).size > 1;
  if (!isShared) return [nameOf(ofResources[0] ?? places[0])];
  const [shortest] = [...ofResources].sort((a, b) => a.path.length - b.path.length);
  return [shortest.path.map(capital).join(""), ...ofResources.map(nameOf)];
}

/** Returns the name of a word in programs: `XApiKey` for `x-api-key`. */
function identifierOf(word) {
  const name = word
    .split(/[^A-Za-z0-9]+/)
    .map(capital)
    .join("");
  return /^\d/.test(name) ? `V${name}` : name || "Empty";
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

module.exports = { Types, capital, packageName, tokenOf, within };
