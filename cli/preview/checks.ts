import { closest, someOf, visible } from "../../packages/text";
import { UserError } from "../../provider/errors";
import { FileError, readSource } from "../../sdk/files";
import {
  isTag,
  layoutOf,
  placeholder,
  type Rules,
  readApp,
  readLayout,
  readRules,
  readServices,
} from "../../sdk/repository";
import { UsageError } from "../terminal";
import type { PreviewStacks } from "./stacks";

/**
 * Reads the rules of a preview, and checks everything that the files and the options show before anything is created:
 * configuration, rules, the files of all services, tags.
 *
 * @throws UsageError when only tags are wrong, otherwise UserError; each names all problems
 */
export function checkedRules(
  stacks: PreviewStacks,
  {
    number,
    branch,
    tags,
  }: Readonly<{ number: string; branch: string | undefined; tags: ReadonlyMap<string, string> }>,
): Rules {
  const { directory } = stacks;
  const ofFiles = new Set<string>();
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FileError || error instanceof UserError)) throw error;
      for (const line of error.message.split("\n")) ofFiles.add(line);
      return undefined;
    }
  };
  attempt(() => stacks.configurationFile());
  const rules = attempt(() => readRules(directory, {}));
  const layout = rules && attempt(() => readLayout(directory, rules.from, layoutOf({ rules })));
  // Without any selected service, no variable and no secret is read.
  if (layout) attempt(() => readServices(layout, [], {}, { number, branch, rules }));
  const ofTags = [...tags].flatMap(([name, tag]) => [
    ...(isTag(tag)
      ? []
      : [`--tag gives ${visible(name)} ${JSON.stringify(tag)}, which no image has as its tag.`]),
    ...(layout ? placeProblem(name, layout) : []),
  ]);
  const all = [...ofFiles, ...ofTags];
  if (rules !== undefined && all.length === 0) return rules;
  const text = [all.join("\n"), "Nothing was created."].join(
    all.length === 1 && ofFiles.size === 0 ? " " : "\n",
  );
  throw ofFiles.size === 0 ? new UsageError(text) : new UserError(text);
}

/** Returns the problem with a service that gets a tag. */
function placeProblem(name: string, { services, applied }: ReturnType<typeof readLayout>): string[] {
  const known = services.map((service) => service.name);
  const service = services.find((one) => one.name === name);
  if (service === undefined) {
    const meant = closest(name, known);
    const question = meant === undefined ? "" : ` Did you mean ${meant}?`;
    return [`--tag names ${visible(name)}, but the services of previews are ${someOf(known)}.${question}`];
  }
  const app = appOf(service.app, applied);
  const owner = app?.imageOf?.name;
  if (owner !== undefined)
    return [
      `--tag names ${visible(name)}, which has the image of ${visible(owner)}: name ${visible(owner)}.`,
    ];
  const source = app?.kind === "application" ? app.sourceWith(() => placeholder) : undefined;
  const image: unknown =
    typeof source === "object" && source !== null && "image" in source ? source.image : undefined;
  return typeof image !== "string" || image.includes(placeholder)
    ? []
    : [
        `--tag names ${visible(name)}, whose image has no ${placeholder}: write it there, or leave out the tag.`,
      ];
}

/** Reads the file of a service; undefined where it has problems, which are named already. */
function appOf(path: string, applied: readonly string[]): ReturnType<typeof readApp> | undefined {
  try {
    return readApp(readSource(path), applied, () => "");
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
