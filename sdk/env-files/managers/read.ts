import { dirname, join, resolve } from "node:path";
import { visible } from "../../../packages/text";
import { Semaphore } from "../../../provider/dokploy";
import { FileError, type ReadOptions, readSource } from "../../files";
import { currentRun, noteSecret, rememberedBy } from "../../run";
import { type Manager, type ManagerName, managers } from "./table";
import { type Answer, runTool } from "./tool";

/** A value of a manager. */
export interface ManagedReference {
  readonly manager: ManagerName;
  /** The whole reference, in the manager's form. */
  readonly reference: string;
}

/** A text from outside the files, or the reason why it is missing, with advice. */
export type FoundText = { readonly text: string } | { readonly missing: string };

/**
 * Reads a value from its manager. Each call of a tool happens once in a run.
 *
 * @param file the file of variables, to which paths are relative
 */
export async function managedValue(
  { manager: name, reference }: ManagedReference,
  file: string,
  options: ReadOptions,
): Promise<FoundText> {
  const manager: Manager = managers[name];
  try {
    const { args, item } = manager.address(reference, (relative) => {
      const path = join(dirname(file), relative);
      // This also refuses files outside of the repository, and links, which could lead to those of another stage.
      readSource(path, { ...options, withoutLinks: true });
      return resolve(path);
    });
    const answer = await callsOf(currentRun()).answer(manager, args);
    if ("missing" in answer) return answer;
    return textOf(manager, manager.read(answer.output, item), reference);
  } catch (error) {
    if (error instanceof FileError) return { missing: error.message };
    if (!(error instanceof SyntaxError)) throw error;
    return { missing: `\`${manager.command}\` printed something other than JSON; is it the real one?` };
  }
}

function textOf({ title, command }: Manager, value: unknown, reference: string): FoundText {
  const name = visible(reference);
  if (value === undefined || value === null)
    return { missing: `${title} has no ${name}; correct the reference, or add it there` };
  if (typeof value !== "string")
    return { missing: `${name} is not a text as \`${command}\` prints it; put it in quotes there` };
  if (value === "") return { missing: `${name} is empty in ${title}; set it there` };
  noteSecret(value);
  return { text: value };
}

/** Number of calls that may run at a time. */
const most = 8;

class Calls {
  readonly #turns = new Semaphore(most);
  readonly #answers = new Map<string, Promise<Answer>>();

  /** Calls a tool, or returns the result of an equal call before. */
  answer(manager: Manager, args: readonly string[]): Promise<Answer> {
    const call = JSON.stringify([manager.command, ...args]);
    const answer = this.#answers.get(call) ?? this.#call(manager, args);
    this.#answers.set(call, answer);
    return answer;
  }

  async #call(manager: Manager, args: readonly string[]): Promise<Answer> {
    const release = await this.#turns.take();
    try {
      return await runTool(manager, args);
    } finally {
      release();
    }
  }
}

const callsOf = rememberedBy(() => new Calls());
