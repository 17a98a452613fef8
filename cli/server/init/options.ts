import { splitNames } from "../../../packages/text";
import { flagOption, listOption, oneOf, parseArguments, UsageError, valueOption } from "../../terminal";

const layouts = ["repository", "program"] as const;
const hosts = ["github", "gitlab", "none"] as const;

/** Options of the command. */
export const initOptions = {
  layout: valueOption(
    "LAYOUT",
    "repository: a folder of files for each service (default); program: index.ts",
  ),
  stages: valueOption("NAMES", "Stages, separated by commas, production last (default: test,prod)"),
  service: listOption("NAME=IMAGE", "Service with its image; may be given several times"),
  url: valueOption("URL", "Address of the server, for the configuration of the stages"),
  ci: valueOption("HOST", "Workflows for github (default) or gitlab, or none"),
  owner: valueOption("OWNER", "Team that approves changes of workflows and stages: @acme/platform"),
  "preview-host": valueOption("HOST", "Wildcard for previews of pull requests: *.preview.acme.dev"),
  "from-server": flagOption("Export the server of DOKPLOY_URL into the last stage, which then adopts it"),
  yes: flagOption("Ask nothing: options that are left out have their defaults"),
};

type Values = ReturnType<typeof parseArguments<typeof initOptions>>["values"];

/** The choices that a terminal is asked for, each with the option that it sets. */
export const questions: readonly { readonly option: keyof Values & string; readonly text: string }[] = [
  { option: "stages", text: "Stages, production last [test,prod]:" },
  {
    option: "layout",
    text: "A folder of files for each service, or a program? repository, program [repository]:",
  },
  { option: "service", text: "Services with their images, such as api=ghcr.io/acme/api:1.4.2 [an example]:" },
  { option: "url", text: "Address of the Dokploy server [given later]:" },
  { option: "ci", text: "Workflows for github, gitlab or none [github]:" },
  { option: "owner", text: "Team that approves changes of workflows, such as @acme/platform [none]:" },
  {
    option: "preview-host",
    text: "Wildcard for previews of pull requests, such as *.preview.acme.dev [no previews]:",
  },
];

/** A project to be written. */
export interface Init {
  readonly directory: string;
  /** Name of the Pulumi project. */
  readonly name: string;
  readonly layout: (typeof layouts)[number];
  /** Stages, with production as the last one. */
  readonly stages: readonly string[];
  readonly services: readonly { readonly name: string; readonly image: string }[];
  readonly url: string | undefined;
  readonly ci: (typeof hosts)[number];
  readonly owner: string | undefined;
  /** Host of previews after its star: `preview.acme.dev`. */
  readonly previewHost: string | undefined;
  readonly fromServer: boolean;
}

/**
 * Reads the arguments, and asks for the options that are left out.
 *
 * @param ask undefined without a terminal
 * @throws UsageError for an argument or a reply that has no meaning
 */
export async function readInit(
  args: readonly string[],
  ask: ((question: string) => Promise<string>) | undefined,
): Promise<Init> {
  const { values: given, positionals } = parseArguments(initOptions, args);
  const [directory, ...others] = positionals;
  if (directory === undefined || others.length > 0)
    throw new UsageError("Give one folder to write to. See init --help.");
  const values: Values = { ...given };
  for (const { option, text } of given.yes || ask === undefined ? [] : questions) {
    const isGiven = Array.isArray(given[option]) ? given[option].length > 0 : given[option] !== undefined;
    const isOfExport =
      given["from-server"] && (option === "service" || option === "stages" || option === "url");
    if (isGiven || isOfExport) continue;
    const answer = (await ask?.(text))?.trim() ?? "";
    if (answer !== "")
      Object.assign(values, { [option]: option === "service" ? splitNames(answer) : answer });
  }
  return chosen(directory, values);
}

function chosen(directory: string, values: Values): Init {
  const name = (
    directory
      .split(/[/\\]/)
      .filter((part) => !/^\.*$/.test(part))
      .at(-1) ?? ""
  ).replaceAll(/[^\w.-]+/g, "-");
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name) || name === "dokploy")
    throw new UsageError(
      "The name of the folder becomes that of the project: letters, digits, _ . and -, and not dokploy.",
    );
  const fromServer = values["from-server"];
  const stages = splitNames(values.stages ?? (fromServer ? "prod" : "test,prod"));
  if (fromServer && stages.length !== 1)
    throw new UsageError("--from-server exports into one stage: leave out --stages, or give one name.");
  if (!fromServer && (stages.length < 2 || new Set(stages).size < stages.length))
    throw new UsageError("--stages takes at least two names, each once: test,prod.");
  for (const stage of stages)
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(stage) || stage === "preview" || stage === "base")
      throw new UsageError(
        `--stages: a stage has small letters, digits and -, and is not called preview or base.`,
      );
  const ci = oneOf("init", "ci", hosts, values.ci);
  if (ci === "gitlab" && stages.length !== 2)
    throw new UsageError(
      "The pipeline for GitLab has two stages. Give two, or --ci none, and write the pipeline by hand.",
    );
  const { owner, url } = values;
  if (owner !== undefined && !/^@[\w.-]+(?:\/[\w.-]+)*$/.test(owner))
    throw new UsageError("--owner takes a person or a team: @acme/platform.");
  if (url !== undefined && !/^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/.test(url))
    throw new UsageError("--url takes an address: https://dokploy.acme.dev.");
  return {
    ...{ directory, name, stages, ci, owner, url },
    layout: oneOf("init", "layout", layouts, values.layout),
    services: values.service.map(readService),
    previewHost: readHost(values["preview-host"]),
    fromServer,
  };
}

function readService(text: string): { name: string; image: string } {
  const [, name, image] = /^([a-z][a-z0-9-]{0,40})=(\S+)$/.exec(text) ?? [];
  if (name === undefined || image === undefined || !/^[\w.:/@-]+$/.test(image))
    throw new UsageError("--service takes a name and an image: api=ghcr.io/acme/api:1.4.2.");
  return { name, image };
}

function readHost(text: string | undefined): string | undefined {
  const [, host] = /^\*\.((?:[a-z0-9-]+\.)+[a-z0-9-]+)$/.exec(text ?? "") ?? [];
  if (text !== undefined && host === undefined)
    throw new UsageError("--preview-host takes a host with a star: *.preview.acme.dev.");
  return host;
}
