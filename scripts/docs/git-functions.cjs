// sdk/lookups/generated/git-hosts.ts: the functions that list the repositories and branches of the providers of git hosts.
"use strict";
const { outputDoc } = require("./functions.cjs");

const repository = ["repository", "string", "Name of the repository."];
const repositorySlug = ["repositorySlug", "string", "Slug of the repository, as in its URL."];
const projectId = ["projectId", "number", "Number of the project on GitLab."];
const workspace = ["owner", "string", "Workspace."];
const person = ["owner", "string", "User or organization."];
const bareRepository = ["repository", "string", "Name of the repository, without its owner."];

/** Texts and properties of each host: `name` names a repository in the arguments of the branches. */
const hosts = [
  {
    kind: "Github",
    host: "GitHub",
    listed: "the repositories that the GitHub App may see, sorted by name",
    name: [person, bareRepository],
    repository: [
      person,
      bareRepository,
      ["defaultBranch", "string", "Default branch of the repository."],
      ["isPrivate", "boolean", "True when only some people may see it."],
    ],
    branch: [["isProtected", "boolean", "True when rules of GitHub protect it."]],
  },
  {
    kind: "Gitlab",
    host: "GitLab",
    listed:
      "the repositories of the provider's groups, sorted by name. Without groups they are those of the person who\n * approved",
    name: [projectId],
    repository: [
      ["owner", "string", "Group or user."],
      repository,
      projectId,
      ["pathNamespace", "string", "Full path: `group/sub/project`."],
    ],
    branch: [],
  },
  {
    kind: "Bitbucket",
    host: "Bitbucket",
    listed: "the repositories of the provider's workspace, sorted by name",
    name: [workspace, repositorySlug],
    repository: [workspace, repository, repositorySlug],
    branch: [],
  },
  {
    kind: "Gitea",
    host: "Gitea",
    listed: "the repositories that the owner of the provider's token may see, sorted by name",
    name: [person, repository],
    repository: [person, repository],
    branch: [],
  },
];

/** @returns {string} the text of `sdk/lookups/generated/git-hosts.ts` */
function gitFunctions(head) {
  return `${head}
import type { InputsOf } from "../arguments";
import { outputForm, plainForm } from "../lookup";

const of = () => require("../git-hosts") as typeof import("../git-hosts");
${hosts.map(functionsOf).join("")}`;
}

function functionsOf({ kind, host, listed, name, repository, branch }) {
  const id = `${kind.toLowerCase()}Id`;
  const repositories = {
    caller: `get${kind}Repositories`,
    what: "repositories",
    takes: [],
    argsDoc: `Argument that names a ${host} provider.`,
    args: `{\n${members([[id, "string", `Id of the ${host} provider.`]])}}`,
    resultDoc: `A repository on ${host}, with the names that the \`source\` of an application uses.`,
    result: repository,
    doc: `Returns ${listed}.`,
    throws: "no such provider exists, or it is not configured",
  };
  const branches = {
    caller: `get${kind}Branches`,
    what: "branches",
    takes: name.map(([argument]) => argument),
    argsDoc: `Arguments that name a repository on ${host}.`,
    args: `extends Get${kind}RepositoriesArgs {\n${members(name)}}`,
    resultDoc: `A branch of a repository on ${host}.`,
    result: [
      ["branch", "string", "Name: `main`."],
      ["commit", "string", "Hash of its newest commit."],
      ...branch,
    ],
    doc: `Returns the branches of a repository on ${host}, sorted by name.`,
    throws: "no such provider or repository exists",
  };
  return [repositories, branches].map(functionOf).join("");

  function functionOf({ caller, what, takes, argsDoc, args, resultDoc, result, doc, throws }) {
    const Name = `G${caller.slice(1)}`;
    const lookup = `${kind.toLowerCase()}${what === "branches" ? "Branches" : "Repositories"}`;
    return `
/** ${argsDoc} */
export interface ${Name}Args ${args}
/** Arguments, each of which may be an output. */
export type ${Name}OutputArgs = InputsOf<${Name}Args>;

/** ${resultDoc} */
export interface ${Name}Result {
${members(result)}}

const ${lookup} = () => of().listing<${Name}Args, ${Name}Result>("${kind.toLowerCase()}", "${what}", ${JSON.stringify(takes)});

/**
 * ${doc}
 *
 * They are read from ${host} in every run, including previews.
 *
 * @throws LookupError when ${throws}
 *
 * @example
 * \`\`\`ts
 * const ${what} = await dokploy.${caller}({ ${[id, ...takes].join(", ")} });
 * \`\`\`
 */
export const ${caller} = plainForm(${lookup});

${outputDoc(caller)}
export const ${caller}Output = outputForm(${lookup});
`;
  }
}

function members(properties) {
  return properties.map(([name, type, doc]) => `  /** ${doc} */\n  readonly ${name}: ${type};\n`).join("");
}

module.exports = { gitFunctions };
