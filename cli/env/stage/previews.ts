import { dirname, join } from "node:path";
import { visible } from "../../../packages/text";
import {
  baseStage,
  filesNamed,
  keyFilter,
  previewStage,
  readLayers,
  sharedService,
} from "../../../sdk/env-files";
import { FileError, isThere } from "../../../sdk/files";
import { previewsFileName, readRules } from "../../../sdk/repository";

/** A variable with the file that has it. */
interface Written {
  readonly key: string;
  readonly service: string;
  readonly path: string;
}

/**
 * Returns the stack that has the secrets of previews, if previews of pull requests take a variable from its file.
 *
 * @param dir folder of the stages
 * @param stack a stack of the project, whose organization the other one has too
 * @throws FileError when the rules of previews, or a file of variables, cannot be read
 */
function previewStackFor({ key, service, path }: Written, dir: string, stack: string): string | undefined {
  const folder = dirname(dir);
  if (!isThere(join(folder, previewsFileName))) return undefined;
  const { from, services, without = [] } = readRules(folder, {});
  const takesPart = service === sharedService || (services?.includes(service) ?? true);
  if (!takesPart || !keyFilter({ exclude: without })(key)) return undefined;
  const layers = [baseStage, from, previewStage].map((stage) => join(dir, stage));
  const files = filesNamed(service, layers, {}).map((file) => ({ path: file, optional: true }));
  const found = readLayers(files, {}).get(key);
  if (found === undefined || join(found.source.path) !== join(path)) return undefined;
  return `${stack.slice(0, stack.lastIndexOf("/") + 1)}${previewStage}`;
}

/**
 * Returns a line that says that previews need a secret which a file names from now on; none where they don't. Only one
 * stack gets a secret by a command, so that the previews would fail without a word.
 */
export function previewsNeed(secret: string, variable: Written, dir: string, stack: string): string[] {
  return aboutPreviews(variable, dir, stack, (previews) => {
    const command = `pulumi config set --secret ${secret} --stack ${previews}`;
    return `previews get ${variable.key} from this file too, and fail until their stack has a secret ${secret}: ${command}`;
  });
}

/** Returns a line that says where previews have a secret which no file names any more; none where they don't. */
export function previewsHave(variable: Written, dir: string, stack: string): string[] {
  return aboutPreviews(
    variable,
    dir,
    stack,
    (previews) => `previews get this step too: remove the former secret from the stack ${previews} as well`,
  );
}

function aboutPreviews(
  variable: Written,
  dir: string,
  stack: string,
  textFor: (previews: string) => string,
): string[] {
  const file = visible(join(dirname(dir), previewsFileName).replaceAll("\\", "/"));
  try {
    const previews = previewStackFor(variable, dir, stack);
    return previews === undefined ? [] : [`${file}: ${textFor(previews)}`];
  } catch (error) {
    // A mistake in another file stops nothing here.
    if (!(error instanceof FileError)) throw error;
    return [`warning: the previews were not looked at, which may need this secret too: ${error.message}`];
  }
}
