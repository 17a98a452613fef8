// The sections of docs/reference about the functions that look objects up: each in the page of its kind, with what differs
// from the kind's own inputs and outputs. The page lookups.md explains the rules of all lookups.
"use strict";

/** Texts of docstrings that lookups.md has for all. */
const common = [
  /(?:It is|They are) read(?: from \w+)? in every run, including previews(, with one call)?\./,
  /For (?:an? )?[\w ]+ that the same program (?:creates|sets), use the outputs of that resource\./,
  /To pass outputs as arguments use `\w+`(?:, whose result also has [^.]*)?\./,
  /Only its result has secrets, such as `\w+`\./,
  /In a project, the default environment is searched unless `environment` names another\./,
];
const commonError =
  /^Throws LookupError when (?:no such [\w ]+ exists(?:, or several (?:do|have the name); the message lists the candidates)?|the key cannot see them)\.$/;
/** Texts that say of a result what the text of the input says. */
const likeInput = /^(?:Name of the [\w ]+\.|Description in Dokploy|Name inside Docker|Value for an object)/;
const plainDoc =
  /^(?:Id (?:of|in) [^.;]+\.|Name of the [\w ]+, exactly as Dokploy shows it\.|Id of the [\w ]+, which is part of the address of its page in Dokploy\.|Name of the environment\. Default: the project's default environment\.)$/;

/**
 * @typedef {{name: string, type: string, required: boolean | string, doc: string}} Row
 * @typedef {object} Lookup
 * @property {string} name
 * @property {string} doc
 * @property {string[]} throws
 * @property {string[]} examples code in its fence
 * @property {Row[][]} sets arguments, one of which sets is given
 * @property {Row[]} result
 * @property {string | undefined} resultLike for a list of results of another function, that function
 * @property {{name: string, doc: string, examples: string[]} | undefined} output the form that takes outputs
 */

/**
 * @param {Lookup} lookup
 * @param {{rows: readonly Row[], isListed: boolean, level: string, table: (rows: Row[], head: string) => string}} page rows of its kind;
 * `isListed` if the function for one object has the same result and an example
 * @returns {string[]} paragraphs
 */
function lookupSection({ name, doc, throws, examples, sets, result, resultLike, output }, page) {
  const text = doc
    .split(/\n\s*\n/)
    .map((paragraph) => common.reduce((rest, each) => rest.replace(each, ""), paragraph.replace(/\s+/g, " ")))
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "")
    .join(" ");
  const found = text.replace(/^Returns an existing ([^,]+), found by [^.]*\./, "Finds an existing $1.");
  const [, secrets] = /as an output, with (?:its secrets|the secret) ([^.]*)\./.exec(output?.doc ?? "") ?? [];
  const errors = throws.filter((each) => !commonError.test(each));
  const like =
    resultLike && !text.includes("Each is like") ? [`Each is like a result of \`${resultLike}\`.`] : [];
  const also = secrets
    ? [`\`${name}Output\` also returns ${/ and /.test(secrets) ? "the secrets" : "the secret"} ${secrets}.`]
    : [];
  const known = new Map(page.rows.map((row) => [row.name, row]));
  const explained = unique(sets.flat()).filter(
    (row) =>
      !plainDoc.test(row.doc) && !isLiteral(row) && (!known.has(root(row.name)) || /^Id that/.test(row.doc)),
  );
  return [
    `${page.level} ${name}`,
    [found, ...like, ...errors, ...also].join(" "),
    ...(sets.length > 0 ? [`Arguments: ${argumentsOf(sets)}.`] : []),
    ...(explained.length > 0
      ? [
          page.table(
            explained.map((row) => ({ ...row, required: false })),
            "argument",
          ),
        ]
      : []),
    ...resultOf(result, known, page),
    ...(page.isListed ? [] : examples.slice(0, 1)),
    ...(output?.examples ?? []),
  ];
}

/** Returns the result: names of properties that the kind's tables explain, and rows for the others. */
function resultOf(result, known, { table }) {
  if (result.length === 0) return [];
  const isKnown = ({ name, type, doc }) => {
    if (name !== root(name)) return known.has(root(name));
    const own = known.get(name);
    if (own !== undefined && !own.doc.includes(doc) && !likeInput.test(doc) && !plainDoc.test(doc))
      return false;
    return (
      plainDoc.test(doc) ||
      (own !== undefined &&
        ((own.type === "" && !type.includes('"')) || own.type === type || /object/.test(own.type)))
    );
  };
  const names = result
    .filter((row) => isKnown(row) && row.name === root(row.name))
    .map(({ name }) => `\`${name}\``);
  const rest = result.filter((row) => !isKnown(row));
  const rows =
    rest.length > 0
      ? [
          table(
            rest.map((row) => ({ ...row, required: false })),
            "property",
          ),
        ]
      : [];
  if (names.length === 0) return ["Result:", ...rows];
  return [`Result: ${names.join(", ")}${rows.length > 0 ? ", and:" : "."}`, ...rows];
}

/** Returns the sets of arguments in words; those that differ in one required argument are one. */
function argumentsOf(sets) {
  const groups = new Map();
  for (const set of sets) {
    const required = set.filter(({ required }) => required === true);
    const owner = sets.length > 2 ? required.at(-1) : undefined;
    const key = set
      .filter((row) => row !== owner)
      .map(({ name, required }) => `${name}${required}`)
      .join();
    const isFurther = groups.has(key) && owner !== undefined;
    if (isFurther) groups.get(key).owners.push(owner);
    else
      groups.set(owner === undefined ? `${key} ${groups.size}` : key, {
        set,
        owners: owner === undefined ? [] : [owner],
      });
  }
  return [...groups.values()].map(textOf).join("; or ");
}

function textOf({ set, owners }) {
  const required = set
    .filter((row) => row.required === true && (owners.length < 2 || row !== owners[0]))
    .map(written);
  if (owners.length > 1) required.push(`one of ${owners.map(written).join(", ")}`);
  const optional = set.filter((row) => row.required !== true).map(written);
  const with_ = optional.length > 0 ? [`optionally ${optional.join(", ")}`] : [];
  return [...required, ...with_].join(", ");
}

function written(row) {
  return isLiteral(row) ? `\`${row.name}: ${row.type.replaceAll("`", "")}\`` : `\`${row.name}\``;
}

function isLiteral({ type }) {
  return /^`"[^"]*"`$/.test(type);
}

function root(name) {
  return name.split(/[.(]/)[0];
}

function unique(rows) {
  return rows.filter(({ name }, at) => rows.findIndex((other) => other.name === name) === at);
}

/** Returns one section for the functions of the kinds of databases, which differ in their ids and secrets. */
function databaseLookupSection(lookups, page) {
  const [first] = lookups;
  const secretsOf = ({ output }) =>
    /as an output, with (?:its secrets|the secret) ([^.]*)\./.exec(output.doc)[1];
  const lines = lookups.map(
    (each) => `| \`${each.name}\` | ${written(each.sets[0][0])} | ${secretsOf(each)} |`,
  );
  const result = unique(lookups.flatMap(({ result }) => result)).filter(
    ({ name }) => !/(?<!environment|project|server)Id$/.test(name),
  );
  return [
    `### ${lookups.map(({ name }) => name).join(", ")}`,
    "Each finds an existing database of its kind.",
    `| function | id | secrets in the result of the form with \`Output\` |\n|---|---|---|\n${lines.join("\n")}`,
    `Arguments: the id; or ${argumentsOf(first.sets.slice(1))}.`,
    ...resultOf(result, new Map(page.rows.map((row) => [row.name, row])), page).map((text) =>
      text.replace(/^Result: /, "Result: the id, and of these those that the kind has: "),
    ),
    ...first.examples.slice(0, 1),
    ...first.output.examples,
  ];
}

/** The top of lookups.md. */
const lookupsIntroduction = `# Lookups

A lookup reads an object that exists already, so that a program can use it without managing it.

- \`getApplication(args, options?)\` returns a promise. \`getApplicationOutput(args, options?)\` returns an output, and each
  of its arguments may be an output; if one is unknown at preview, the result is unknown too, and Dokploy is not called.
  Every function has both forms; one without arguments takes only the options.
- Secrets, such as the variables (\`env\`), are only in the result of the form with \`Output\`; the section of each function
  names them.
- Everything is read in every run, including previews; repositories and branches are read from the git host. For an
  object that the same program creates, use the outputs of its resource.
- Names are exactly as Dokploy shows them. The id of an object is part of the address of its page in Dokploy. With
  \`project\` alone, the project's default environment is searched; \`environment\` names another.
- A lookup throws LookupError when no such object exists, when several match (the message lists the candidates), when
  the object that it belongs to does not exist, or when the API key cannot see it.
- A property is undefined when the object has no value for it.`;

module.exports = { databaseLookupSection, lookupSection, lookupsIntroduction, root };
