import { counted } from "../../packages/text";
import { ServerTree } from "../../provider/dokploy";
import { lastUpdate } from "../../provider/lifecycle";
import { parseUrn } from "../../provider/pulumi";
import { compareStages, stageNames, variablesPart } from "../env";
import { box, type Content, contents, element, joined, moment, type Section, section, write } from "../page";
import { driftPart, planOf, readPreview, type StageDrift } from "../plan";
import { backupsPart, picturesPart, readServer, type ServerFacts } from "../server";
import { readStatus, type StageServices, servicesOf, stagesPart } from "../services";
import { type Dependencies, firstErrorIn, noPulumi, type Stack, type StateResource } from "../stack";
import {
  type Command,
  exitCodesHelp,
  flagOption,
  listOption,
  optionsHelp,
  parseOptions,
  print,
  save,
  stagesFolder,
  UsageError,
  valueOption,
} from "../terminal";
import { dependencies } from "./dependencies";

/** Options of the command. */
export const reportOptions = {
  html: valueOption("FILE", "File to write"),
  stage: listOption(
    "NAME",
    "Stack of a stage; may be given several times. Default: the stages in --dir, else the selected stack",
  ),
  dir: stagesFolder,
  "no-preview": flagOption("Leave out the differences from the program, whose preview runs the program"),
};

export const reportCommand: Command = {
  summary: "Write one page about all stages: services, a picture, variables, backups and differences",
  options: reportOptions,
  help: [
    "Usage: pulumi-dokploy report --html FILE [options]",
    "",
    "Writes one file for a browser that needs no network and runs nothing: the stages side by side with the health, image,",
    "last deployment and addresses of each service; a picture of which object refers to which; variables that are missing",
    "or differ between stages; backups, and the data that none covers; what an update would change now, and who changed",
    "it last. Secrets are not in it. Dokploy names people only with an enterprise license.",
    "",
    ...optionsHelp(reportOptions, 16),
    "",
    ...exitCodesHelp({
      done: "the page was written; it says what could not be read",
      wrong: "an option is wrong, or no stage could be read",
    }),
    "",
    "Example:",
    "  pulumi-dokploy report --html report.html --stage test --stage prod",
  ].join("\n"),

  async run(args) {
    await runReport(args, dependencies);
  },
};

type ReportDependencies = Pick<Dependencies, "env" | "pulumi" | "connect" | "progress">;

/** A stage with everything that was read of it. */
interface Stage {
  readonly services: StageServices;
  readonly drift: StageDrift | undefined;
  readonly resources: readonly StateResource[];
  /** Stack and address of the server; undefined when it could not be read. */
  readonly source: { readonly stack: Stack; readonly server: string } | undefined;
}

/**
 * Writes the page.
 *
 * @throws UsageError when no stage could be read
 */
export async function runReport(args: readonly string[], given: ReportDependencies): Promise<void> {
  const { html, dir, stage: named, "no-preview": noPreview } = parseOptions(reportOptions, args);
  if (html === undefined) throw new UsageError("report needs the file to write: --html report.html.");
  const names = named.length > 0 ? named : (stageNames(dir) ?? [undefined]);
  const stages: Stage[] = [];
  const servers = new Map<string, ServerFacts | string>();
  for (const name of names) {
    given.progress(`Reading ${name ?? "the selected stack"} …`);
    stages.push(await readStage(name, !noPreview, given));
  }
  if (stages.every(({ services }) => services.why !== undefined))
    throw new UsageError(`No stage could be read. ${stages[0]?.services.why ?? ""}`);
  for (const { source } of stages) {
    if (source === undefined || servers.has(source.server)) continue;
    const ofServer = stages.filter((each) => each.source?.server === source.server);
    const stacks = new Map(ofServer.map((each) => [each.services.stage, each.resources]));
    servers.set(source.server, await readFacts(source.stack, stacks, given));
  }
  const comparisons = await variablesOf(names, dir, given);
  const drifts = stages.flatMap(({ drift }) => (drift === undefined ? [] : [drift]));
  const sections = [
    stagesSection(stages.map(({ services }) => services)),
    ...serverSections([...servers]),
    ...(comparisons === undefined ? [] : [{ id: "variables", title: "Variables", content: comparisons }]),
    ...(drifts.length === 0 ? [] : [{ id: "drift", title: "Differences", content: driftPart(drifts) }]),
  ];
  save(html, pageOf(sections, "Made by pulumi-dokploy report. Secrets are not in it."));
  print(`Wrote ${html}: ${counted(stages.length, "stage")}.`);
}

/** Writes the sections as a page. */
export function pageOf(
  sections: readonly Section[],
  origin: string,
  more?: { content: Content; reload?: number },
): string {
  return write({
    title: "Services on Dokploy",
    content: [
      element("p", { class: "soft" }, "As of ", moment(new Date()), more?.content),
      contents(sections),
      sections.map(section),
    ],
    footer: origin,
    ...(more?.reload === undefined ? {} : { reload: more.reload }),
  });
}

/** Section about stages. */
export function stagesSection(stages: readonly StageServices[]): Section {
  return { id: "stages", title: "Stages", content: stagesPart(stages) };
}

/** Sections about servers; a text is the reason why one could not be read. */
export function serverSections(servers: readonly (readonly [string, ServerFacts | string])[]): Section[] {
  const each = (show: (facts: ServerFacts) => Content) =>
    joined(
      servers.map(([url, facts]) => [
        servers.length > 1 ? element("h3", {}, url) : undefined,
        typeof facts === "string" ? box("warn", element("p", {}, facts)) : show(facts),
      ]),
    );
  if (servers.length === 0) return [];
  return [
    { id: "picture", title: "Picture", content: each(picturesPart) },
    { id: "backups", title: "Backups", content: each(backupsPart) },
  ];
}

async function readStage(
  name: string | undefined,
  withPreview: boolean,
  given: ReportDependencies,
): Promise<Stage> {
  const unread = (why: string): Stage => ({
    services: { stage: name ?? "the selected stack", services: [], why },
    drift: undefined,
    resources: [],
    source: undefined,
  });
  try {
    const { stack, services, resources } = await servicesOf(name, given);
    const api = await given.connect(stack);
    try {
      const status = await readStatus(services, api);
      const drift = withPreview ? await driftOf(stack.name, resources, api, given) : undefined;
      return {
        services: { stage: stack.name, services: status },
        drift,
        resources,
        source: { stack, server: api.url ?? "" },
      };
    } finally {
      api.close();
    }
  } catch (error) {
    return unread(reasonOf(error));
  }
}

/** Finds what an update would change now, as the job for drift does, and who changed it last. */
async function driftOf(
  stage: string,
  resources: readonly StateResource[],
  api: Parameters<typeof lastUpdate>[1],
  { pulumi }: Pick<Dependencies, "pulumi">,
): Promise<StageDrift> {
  const people = new Map<string, { who: string; at: number }>();
  const preview = ["preview", "--refresh", "--run-program", "--json", "--non-interactive", "--stack", stage];
  const ended = await pulumi(preview);
  if (ended === undefined) return { stage, plan: undefined, why: `${noPulumi}.`, people };
  try {
    const plan = planOf(readPreview(ended.stdout), stage);
    for (const { urn } of plan.resources) {
      const { kind, name } = parseUrn(urn) ?? {};
      const known = resources.find((each) => each.kind === kind && each.name === name);
      const last = known && (await lastUpdate(known.id, api));
      if (last !== undefined) people.set(urn, last);
    }
    return { stage, plan, people };
  } catch (error) {
    const why = ended.code === 0 ? reasonOf(error) : `the preview failed: ${firstErrorIn(ended.stderr)}.`;
    return { stage, plan: undefined, why, people };
  }
}

async function readFacts(
  stack: Stack,
  stacks: ReadonlyMap<string, readonly StateResource[]>,
  given: ReportDependencies,
): Promise<ServerFacts | string> {
  try {
    const api = await given.connect(stack);
    try {
      return await readServer(new ServerTree(api), stacks);
    } finally {
      api.close();
    }
  } catch (error) {
    return reasonOf(error);
  }
}

/** Compares each stage with the next one; undefined for a single stage. */
async function variablesOf(
  names: readonly (string | undefined)[],
  dir: string,
  given: ReportDependencies,
): Promise<Content> {
  const stages = names.filter((name) => name !== undefined);
  const pairs = stages.slice(1).map((stage, at) => [stages[at] ?? "", stage] as const);
  if (pairs.length === 0) return undefined;
  const parts = pairs.map(async (pair) => {
    try {
      return variablesPart([await compareStages(pair, dir, given)]);
    } catch (error) {
      return box("warn", element("p", {}, `${pair.join(" and ")}: ${reasonOf(error)}`));
    }
  });
  return await Promise.all(parts);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
