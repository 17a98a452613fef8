import { counted, visible } from "../../../packages/text";
import { exportedSetting } from "../../../sdk/env-files";
import { section } from "../../terminal";
import { labelOf } from "./item";
import type { Options } from "./options";
import type { Plan } from "./plan";
import { variableOf } from "./secrets";

/** Facts about an export, for its report. */
export interface Exported {
  readonly plan: Plan;
  readonly options: Options;
  readonly files: readonly string[];
  readonly requests: number;
}

/** Returns the report for a person: what was written, what was left out, and what to do next. No secret is in it. */
export function reportOf({ plan, options, files, requests }: Exported): string {
  const { items, skipped, unread } = plan;
  const isEmpty = options.missing && items.length === 0;
  return [
    `Read the server with ${requests} requests, all of them GET.`,
    ...(isEmpty
      ? [`The stack ${options.stack} has everything that a resource can manage; no file was written.`]
      : [
          `Wrote ${counted(items.length, "resource")} to ${visible(options.directory)}: ${kindsOf(plan)}.`,
          `Files: ${byFolder(files).map(visible).join(", ")}`,
          ...secretLines(plan, options),
        ]),
    ...section(
      "Not managed, because a program cannot express it:",
      skipped.map((each) => `${labelOf(each)}: ${each.reason}`),
    ),
    ...section(
      "Partly managed:",
      items.flatMap((item) =>
        item.notes.map((note) => `${item.kind} ${plan.names.get(item)?.resource}: ${note}`),
      ),
    ),
    ...section(
      "Not read:",
      unread.map(({ kind, reason }) => `${kind}: ${visible(reason)}`),
    ),
    ...(isEmpty || options.saysNext === false
      ? []
      : ["", "Next:", ...(options.missing ? nextInProject(plan, options) : nextInFolder(plan, options))]),
  ].join("\n");
}

function nextInFolder({ secrets }: Plan, options: Options): string[] {
  return [
    `  cd ${visible(options.directory)} && npm install`,
    // Secrets in the configuration already created it.
    ...(options.secrets === "config" ? [] : [`  pulumi stack select --create ${options.stack}`]),
    ...(secrets.missing.length > 0 && options.secrets !== "env" ? ["  give the secrets above"] : []),
    "  pulumi preview    # adopts everything and changes nothing",
    "  pulumi up",
  ];
}

function nextInProject({ settings }: Plan, { directory, secrets }: Options): string[] {
  const commands = [...settings].map(([name, value]) => `  pulumi config set ${name} ${visible(value)}`);
  return [
    `  import "./${visible(directory)}";    // in the program`,
    ...(secrets === "config" ? [] : commands),
    "  pulumi preview    # adopts what was missing and changes nothing",
  ];
}

function secretLines({ secrets }: Plan, { secrets: place, stack }: Options): string[] {
  const names = [...secrets.values.keys()];
  const hidden = secrets.missing;
  const commands = (all: readonly string[]) => all.map((name) => `pulumi config set --secret ${name}`);
  switch (place) {
    case "config":
      return [
        `${counted(names.length, "secret")} went into the encrypted configuration of the stack ${stack}, in ${exportedSetting}.`,
        ...section("Dokploy does not show these secrets, so set them:", commands(hidden)),
      ];
    case "none":
      return section(
        "Set these secrets, whose values were not written anywhere:",
        commands([...names, ...hidden]),
      );
    case "env":
      return section(
        "Set these variables where the program runs; their values were not written anywhere:",
        [...names, ...hidden].map(variableOf),
      );
  }
}

function kindsOf({ items }: Plan): string {
  const kinds = [...new Set(items.map(({ kind }) => kind))].sort();
  const count = (kind: string) => items.filter((item) => item.kind === kind).length;
  return kinds.map((kind) => `${kind} ${count(kind)}`).join(", ") || "nothing";
}

/** Returns the files, and instead of many in one folder their number. */
function byFolder(files: readonly string[]): string[] {
  const folderOf = (file: string) => file.split("/")[0] ?? "";
  const inside = (folder: string) => files.filter((file) => file.startsWith(`${folder}/`));
  return [
    ...new Set(
      files.map((file) => {
        const count = inside(folderOf(file)).length;
        return count > 3 ? `${folderOf(file)}/ (${count} files)` : file;
      }),
    ),
  ];
}
