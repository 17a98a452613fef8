import { insteadOf, inWords, isDomain, someOf, splitNames, visible } from "../../../packages/text";
import { flagOption, listOption, oneOf, parseArguments, UsageError, valueOption } from "../../terminal";
import { type Backend, readBackend } from "./backend";
import { type InitService, isPathOfImages, readServices } from "./services";
import {
  ownTemplates,
  placeOfTemplates,
  readTemplates,
  stagesOfProject,
  type TemplateService,
} from "./template";

const layouts = ["repository", "program"] as const;
const hosts = ["github", "gitlab", "none"] as const;

/** Options of the command. */
export const initOptions = {
  layout: valueOption(
    "LAYOUT",
    "repository: a folder of files for each service (default); program: index.ts",
  ),
  stages: valueOption("NAMES", "Stages, separated by commas, production last (default: test,prod)"),
  service: listOption(
    "SERVICE",
    "NAME=IMAGE, NAME=OTHER (its image) or NAME=compose:IMAGE; postgres:18 is a database. After commas",
    "port=3000, host=shop, health=/health, release='npm run migrate', command='node x.js',",
    "memory=512MiB, VARIABLE=OTHER for the address of another service. May be given several times",
  ),
  template: listOption(
    "TEMPLATE",
    "Service from a template, also for a project that exists: plausible, or stats=plausible,host=stats",
  ),
  templates: valueOption("FROM", `Checkout or address of templates (default: ${ownTemplates})`),
  domain: valueOption(
    "DOMAIN",
    "Domain of the hosts without a dot: acme.dev gives shop.acme.dev, test.shop.acme.dev",
  ),
  images: valueOption(
    "PATH",
    "Registry and path of images that begin with /: ghcr.io/acme gives ghcr.io/acme/api:1.4.2",
  ),
  bucket: valueOption(
    "URL",
    "Bucket for backups of the databases, every night: https://s3.eu-central-1.amazonaws.com/acme",
  ),
  url: valueOption("URL", "Address of the server, for the configuration of the stages"),
  ci: valueOption("HOST", "Workflows for github (default) or gitlab, or none"),
  backend: valueOption(
    "URL",
    "Where Pulumi keeps the state: cloud (default), or s3://…, gs://… or azblob://… for a bucket",
  ),
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
  { option: "domain", text: "Domain of the services, such as acme.dev [none]:" },
  { option: "images", text: "Registry and path of images that begin with /, such as ghcr.io/acme [none]:" },
  {
    option: "service",
    text: "A service, such as api=ghcr.io/acme/api:1.4.2,port=3000,host=api,health=/health,DATABASE_URL=db, or db=postgres:18 [no more]:",
  },
  {
    option: "bucket",
    text: "Bucket for backups, such as https://s3.eu-central-1.amazonaws.com/acme [none]:",
  },
  { option: "url", text: "Address of the Dokploy server [given later]:" },
  { option: "ci", text: "Workflows for github, gitlab or none [github]:" },
  {
    option: "backend",
    text: "Where Pulumi keeps the state: cloud, or a bucket such as s3://acme-pulumi?region=eu-central-1 [cloud]:",
  },
  { option: "owner", text: "Team that approves changes of workflows, such as @acme/platform [none]:" },
  {
    option: "preview-host",
    text: "Wildcard for previews of pull requests, such as *.preview.acme.dev [no previews]:",
  },
];

/** A bucket for backups. */
export interface Bucket {
  readonly name: string;
  readonly endpoint: string;
  readonly region: string | undefined;
  readonly isAws: boolean;
}

/** A project to be written. */
export interface Init {
  readonly directory: string;
  /** Name of the Pulumi project. */
  readonly name: string;
  readonly layout: (typeof layouts)[number];
  /** Stages, with production as the last one. */
  readonly stages: readonly string[];
  readonly services: readonly InitService[];
  /** Services that are made from templates. */
  readonly templates: readonly TemplateService[];
  /** Folder or address of the templates. */
  readonly templatesFrom: string;
  /** True for a project that exists, to which the templates are added. */
  readonly isAdded: boolean;
  readonly bucket: Bucket | undefined;
  readonly url: string | undefined;
  readonly ci: (typeof hosts)[number];
  readonly backend: Backend;
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
  const project = given.template.length === 0 ? undefined : stagesOfProject(directory);
  for (const { option, text } of given.yes || ask === undefined ? [] : questions) {
    const isGiven = Array.isArray(given[option]) ? given[option].length > 0 : given[option] !== undefined;
    const isOfExport = given["from-server"] && ofServices.some((name) => name === option);
    const isOfRepository = values.layout === "program" && (option === "domain" || option === "bucket");
    const isOfJobs = values.ci === "none" && option === "backend";
    const isOfNew = project !== undefined && option !== "domain";
    if (isGiven || isOfExport || isOfRepository || isOfJobs || isOfNew) continue;
    const answers: string[] = [];
    do answers.push((await ask?.(text))?.trim() ?? "");
    while (option === "service" && answers.at(-1) !== "");
    if (option === "service") Object.assign(values, { service: servicesIn(answers) });
    else if (answers[0] !== "") Object.assign(values, { [option]: answers[0] });
  }
  return chosen(directory, values, project);
}

/** Returns the services in lines; spaces, also with commas, separate several on one line. */
function servicesIn(lines: readonly string[]): string[] {
  const services = lines.flatMap(
    (line) => line.match(/(?:=(?:'[^']*'|"[^"]*")|\S|\s(?![a-z][a-z0-9-]*=))+/g) ?? [],
  );
  return services.map((one) => one.trim().replace(/ ?,$/, "")).filter((one) => one !== "");
}

/** Options that an export does not need. */
const ofServices = ["service", "stages", "url", "domain", "images", "bucket"] as const;

/** Options for a project to which templates are added. */
const ofAdded: readonly string[] = ["template", "templates", "domain", "stages", "yes", "layout"];

/**
 * @param project stages of the project in the folder; undefined for a new one
 * @throws UsageError with all mistakes
 */
function chosen(directory: string, values: Values, project: readonly string[] | undefined): Init {
  const problems: string[] = [];
  const problem = (text: string) => void problems.push(text);
  const name = (
    directory
      .split(/[/\\]/)
      .filter((part) => !/^\.*$/.test(part))
      .at(-1) ?? ""
  ).replaceAll(/[^\w.-]+/g, "-");
  const isName = /^[A-Za-z0-9_.-]{1,100}$/.test(name) && name !== "dokploy";
  if (project === undefined && !isName)
    problem(
      "The name of the folder becomes that of the project: letters, digits, _ . and -, and not dokploy.",
    );
  const fromServer = values["from-server"];
  const stages = project === undefined ? stagesOf(values, problem) : stagesOfAdded(values, project, problem);
  const { owner, url, domain, images } = values;
  if (owner !== undefined && !/^@[\w.-]+(?:\/[\w.-]+)*$/.test(owner))
    problem("--owner takes a person or a team: @acme/platform.");
  if (url !== undefined && !/^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/.test(url))
    problem("--url takes an address: https://dokploy.acme.dev.");
  if (domain !== undefined && !isDomain(domain))
    problem("--domain takes a domain in small letters: acme.dev.");
  if (images !== undefined && !isPathOfImages(images))
    problem("--images takes a registry and a path in it: ghcr.io/acme.");
  const services = readServices(values.service, { domain, images }, (text) => problem(`--service ${text}`));
  const templates = readTemplates(
    values.template,
    domain,
    services.map((service) => service.name),
    (text) => problem(`--template ${text}`),
  );
  const layout = word("layout", layouts, values.layout, problem);
  if (layout === "program") refuseInProgram(values, services, problem);
  const ofFiles = [values.bucket, domain, images];
  const isOfFiles =
    values.service.length + templates.length > 0 || ofFiles.some((value) => value !== undefined);
  if (fromServer && isOfFiles)
    problem(
      "--from-server takes the services from the server: leave out --service, --template, --domain, --images and --bucket.",
    );
  const init = {
    ...{ directory, name, stages, owner, url, layout, services, templates, fromServer },
    templatesFrom: placeOfTemplates(values.templates, problem),
    isAdded: project !== undefined,
    ci: word("ci", hosts, values.ci, problem),
    backend: readBackend(values.backend, problem),
    bucket: readBucket(values.bucket, problem),
    previewHost: readHost(values["preview-host"], problem),
  };
  if (values.templates !== undefined && values.template.length === 0)
    problem("--templates says where the templates are: give one with --template plausible.");
  if (init.ci === "gitlab" && stages.length !== 2)
    problem(
      "The pipeline for GitLab has two stages. Give two, or --ci none, and write the pipeline by hand.",
    );
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return init;
}

type Problem = (text: string) => void;

/** Returns the word that an option has, and the first one after a mistake. */
function word<Word extends string>(
  option: string,
  words: readonly [Word, ...Word[]],
  given: string | undefined,
  problem: Problem,
): Word {
  try {
    return oneOf("init", option, words, given);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problem(error.message);
    return words[0];
  }
}

function stagesOf({ stages: given, "from-server": fromServer }: Values, problem: Problem): string[] {
  const stages = splitNames(given ?? (fromServer ? "prod" : "test,prod"));
  if (fromServer && stages.length !== 1)
    problem("--from-server exports into one stage: leave out --stages, or give one name.");
  if (!fromServer && (stages.length < 2 || new Set(stages).size < stages.length))
    problem("--stages takes at least two names, each once: test,prod.");
  if (
    stages.some((stage) => !/^[a-z][a-z0-9-]{0,30}$/.test(stage) || stage === "preview" || stage === "base")
  )
    problem("--stages: a stage has small letters, digits and -, and is not called preview or base.");
  return stages;
}

/** Returns the stages of a project that exists, and refuses what only a new one can have. */
function stagesOfAdded(values: Values, project: readonly string[], problem: Problem): string[] {
  const others = Object.entries(values).flatMap(([option, value]) => {
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
    return isGiven && !ofAdded.includes(option) ? `--${option}` : [];
  });
  if (others.length > 0)
    problem(
      `The folder has a project, to which --template adds services: leave out ${inWords(others, "and")}, or give another folder.`,
    );
  const stages = values.stages === undefined ? [...project] : splitNames(values.stages);
  const unknown = stages.filter((stage) => !project.includes(stage));
  if (unknown.length > 0)
    problem(
      `--stages: the project has no stage ${someOf(unknown.map(visible))}; ${insteadOf(unknown[0] ?? "", project)}.`,
    );
  if (stages.length === 0)
    problem("The project has no stages yet: create a stack first, with pulumi stack init test.");
  return stages;
}

/** A program has the images of its services only: the rest is a matter of its code. */
function refuseInProgram(
  { service, template, domain, bucket }: Values,
  services: readonly InitService[],
  problem: Problem,
): void {
  if (domain !== undefined || bucket !== undefined || template.length > 0)
    problem("--template, --domain and --bucket are for --layout repository.");
  const more = services.filter(
    ({ kind, imageOf }, index) =>
      service[index]?.includes(",") || kind === "compose" || imageOf !== undefined,
  );
  if (more.length > 0)
    problem(
      `--layout program takes only NAME=IMAGE for each --service: shorten ${more.map(({ name }) => name).join(", ")}, or use --layout repository.`,
    );
}

function readBucket(text: string | undefined, problem: Problem): Bucket | undefined {
  if (text === undefined) return undefined;
  const [, endpoint, host = "", name] =
    /^(https?:\/\/([a-z0-9.-]+(?::\d{1,5})?))\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/.exec(text) ?? [];
  if (endpoint !== undefined && name !== undefined) {
    const [, region] = /^s3\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host) ?? [];
    return { name, endpoint, region, isAws: region !== undefined };
  }
  problem(
    "--bucket takes the address of an S3 service and the name of a bucket: https://s3.eu-central-1.amazonaws.com/acme.",
  );
  return undefined;
}

function readHost(text: string | undefined, problem: Problem): string | undefined {
  const [, host] = /^\*\.((?:[a-z0-9-]+\.)+[a-z0-9-]+)$/.exec(text ?? "") ?? [];
  if (text !== undefined && host === undefined)
    problem("--preview-host takes a host with a star: *.preview.acme.dev.");
  return host;
}
