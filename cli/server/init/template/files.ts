import { checkComposeFile } from "../../../../packages/compose-checks/checks";
import { inWords, isDomain, visible } from "../../../../packages/text";
import { UserError } from "../../../../provider/errors";
import { isPathInside, readEnvText } from "../../../../sdk/env-files";
import { FileError } from "../../../../sdk/files";
import { appFileName, readApp } from "../../../../sdk/repository";
import { scalar } from "../../../files";
import { appSchemaLine } from "../../export/project-files";
import { type ReadConfig, readConfig, type TemplateDomain } from "./config";
import { CannotBeWritten, Evaluation, isReadable } from "./evaluate";
import { Hosts, type TemplateService } from "./hosts";
import type { TemplateTexts } from "./source";
import { fileReference, Texts } from "./texts";

/** Files of a repository, and what a person should know of them. */
export interface TemplateFiles {
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/**
 * Returns the files of a service as Dokploy 0.30.2 makes it from a template: the compose file unchanged, each random value as a
 * generated secret, and a host for each stage.
 *
 * @param stages stages, with production as the last one
 * @throws UserError for a template that a repository cannot have, with the reason
 */
export function templateFiles(
  service: TemplateService,
  texts: TemplateTexts,
  stages: readonly string[],
): TemplateFiles {
  const refuse = (reason: string): never => {
    throw new UserError(
      `The template ${visible(service.id)} cannot be written into a repository: ${reason}.`,
    );
  };
  if (!isReadable(texts.compose)) refuse("docker-compose.yml contains a character that no text has");
  const config = readConfig(texts.config);
  if (typeof config === "string") return refuse(`template.toml ${config}`);
  try {
    return new Writing(service, config, texts.compose, stages).files();
  } catch (error) {
    if (error instanceof CannotBeWritten || error instanceof FileError) return refuse(error.message);
    throw error;
  }
}

class Writing {
  private readonly evaluation: Evaluation;
  private readonly hosts: Hosts;
  private readonly written = new Map<string, string>();
  private readonly notes: string[];

  constructor(
    private readonly service: TemplateService,
    private readonly config: ReadConfig,
    private readonly compose: string,
    private readonly stages: readonly string[],
  ) {
    this.notes = [...config.notes];
    this.evaluation = new Evaluation(config.variables);
    this.hosts = new Hosts(service, stages);
  }

  files(): TemplateFiles {
    const { service, evaluation, stages } = this;
    const domains = this.config.domains.map((domain) => ({ ...domain, host: this.hostOf(domain) }));
    const variables = [...this.config.variablesBy(evaluation)];
    const mounts = this.config.mounts.map(({ filePath, content }) => ({
      path: evaluation.text(filePath),
      content: evaluation.text(content),
    }));
    const all = Texts.of(evaluation, this.hosts);
    const needsStages = mounts.some(({ path, content }) => all.isOfStage(path) || all.isOfStage(content));
    const isOfStage = ([, text]: [string, string]) => all.isOfStage(text);
    const base = variables.filter((variable) => !isOfStage(variable));
    this.written.set(
      `envs/base/${service.name}.yaml`,
      `# Variables of every stage, from the template ${service.id}\n${linesOf(base, all)}`,
    );
    const top = needsStages ? [] : this.mountLines(mounts, all, "  ");
    const ofStages = stages.flatMap((stage) => {
      const own = all.inStage(stage);
      // The first domain has the main host.
      const lines = domains.map((domain) => domainLine(domain, own));
      const differing = variables.filter(isOfStage);
      if (differing.length > 0)
        this.written.set(`envs/${stage}/${service.name}.yaml`, linesOf(differing, own));
      const files = needsStages ? this.mountLines(mounts, own, "      ", stage) : [];
      return [
        ...(lines.length + files.length === 0 ? [] : [`  ${scalar(stage)}:`]),
        ...(lines.length === 0 ? [] : ["    domains:", ...lines]),
        ...(files.length === 0 ? [] : ["    mounts:", ...files]),
      ];
    });
    const folder = `services/${service.name}`;
    const app = [
      `${appSchemaLine}kind: compose`,
      ...(top.length === 0 ? [] : ["mounts:", ...top]),
      ...(ofStages.length === 0 ? [] : ["stages:", ...ofStages]),
      "",
    ].join("\n");
    this.written.set(`${folder}/${appFileName}`, app);
    this.written.set(`${folder}/compose.yaml`, this.compose);
    this.check(app, variables, mounts);
    const open = variables.filter(([, text]) =>
      evaluation.partsOf(text).some((part) => typeof part === "string" && /\$\{\w+\}/.test(part)),
    );
    if (open.length > 0)
      this.notes.push(
        `${inWords(
          open.map(([key]) => key),
          "and",
        )}: has a place \${…} for which the template has no value; containers see it as it is, so write the value`,
      );
    if (domains.some(({ https }) => !https))
      this.notes.push(
        "its domains are plain http, as in the template: for https, add https: true and certificateType: letsencrypt to " +
          "each, and write https:// in envs",
      );
    return { files: this.written, notes: [...new Set([...this.notes, ...evaluation.notes])] };
  }

  /** Returns the text of a domain's host. */
  private hostOf({ serviceName, host }: TemplateDomain): string {
    const { evaluation } = this;
    const text = host === undefined ? undefined : evaluation.text(host);
    const parts = text === undefined ? [] : evaluation.partsOf(text);
    const [only] = parts;
    // A host of no variable is another one in each domain.
    if (parts.length === 1 && typeof only === "object" && only.kind === "host" && only.variable === "")
      return evaluation.host(serviceName);
    if (text !== undefined && parts.some((part) => typeof part !== "string")) return text;
    if (text !== undefined)
      this.notes.push(
        `the host ${visible(text)} of the template became one of each stage: see domains, and the places that name it`,
      );
    return evaluation.host(serviceName);
  }

  /** Returns the lines of mounts, and writes their files. */
  private mountLines(
    mounts: readonly { readonly path: string; readonly content: string }[],
    texts: Texts,
    indent: string,
    stage?: string,
  ): string[] {
    const before = new Map(this.written);
    return mounts.map((mount) => {
      const path = texts.plain(mount.path).replace(/^(?:\.?\/)+/, "");
      const { text, values } = texts.filled(mount.content, path, false);
      const isOfStage =
        stage !== undefined && [mount.path, mount.content].some((each) => texts.isOfStage(each));
      const own = isOfStage ? `files/${stage}/${path}` : `files/${path}`;
      if (!isPathInside(own))
        throw new CannotBeWritten(
          `the path ${visible(mount.path)} of a mount is not one of letters, digits and . _ + - inside the folder of the service`,
        );
      const file = `services/${this.service.name}/${own}`;
      // Some file systems do not distinguish upper and lower case, and no path is both a file and a folder.
      // The files of all stages come with each.
      const others = [...this.written.keys()].filter((other) => other !== file || !before.has(other));
      if (others.some((other) => overlaps(other, file)))
        throw new CannotBeWritten(`two mounts have the path ${visible(path)}`);
      this.written.set(file, text);
      return `${indent}- { type: file, filePath: ${scalar(path)}, mountPath: ${scalar(`/${path}`)}, content: ${fileReference(own, values)} }`;
    });
  }

  /** Reads the files as a run does, and notes what it would refuse. */
  private check(
    app: string,
    variables: readonly (readonly [string, string])[],
    mounts: readonly { readonly path: string; readonly content: string }[],
  ): void {
    for (const [path, text] of this.written) if (path.startsWith("envs/")) readEnvText({ path, text });
    for (const stage of this.stages)
      readApp({ path: `services/${this.service.name}/${appFileName}`, text: app }, [stage], () => "x");
    const isKnown = (text: string) => this.evaluation.partsOf(text).every((part) => typeof part === "string");
    const known = (text: string) => (isKnown(text) ? text : undefined);
    const findings = checkComposeFile({
      text: this.compose,
      composeType: "docker-compose",
      variables: Object.fromEntries(variables.map(([key, text]) => [key, known(text)])),
      writtenFiles: mounts.map(({ path, content }) => ({
        path: path.replace(/^(?:\.?\/)+/, ""),
        content: known(content),
      })),
    });
    for (const { severity, line, column, message } of findings)
      if (severity === "error")
        this.notes.push(
          `compose.yaml${line === undefined ? "" : `:${line}:${column}`}: ${message}. A plan refuses it until the file is corrected`,
        );
  }
}

function overlaps(one: string, other: string): boolean {
  const [a, b] = [`${one.toLowerCase()}/`, `${other.toLowerCase()}/`];
  return a.startsWith(b) || b.startsWith(a);
}

function linesOf(variables: readonly (readonly [key: string, text: string])[], texts: Texts): string {
  return variables.map(([key, text]) => `${scalar(key)}: ${texts.variable(key, text)}\n`).join("");
}

function domainLine(
  { serviceName, port, host, path, stripPath, internalPath, https }: TemplateDomain & { host: string },
  texts: Texts,
): string {
  const written = texts.plain(host);
  if (!isDomain(written)) throw new CannotBeWritten(`the host ${visible(written)} of a domain is not one`);
  const fields = [
    ...[`host: ${scalar(written)}`, `port: ${port}`, `serviceName: ${scalar(serviceName)}`],
    ...(path === undefined ? [] : [`path: ${scalar(path)}`]),
    ...(internalPath === undefined ? [] : [`internalPath: ${scalar(internalPath)}`]),
    ...(stripPath ? ["stripPath: true"] : []),
    ...(https ? ["https: true"] : []),
  ];
  return `      - { ${fields.join(", ")} }`;
}
