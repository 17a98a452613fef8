import { shorten, visible } from "../../../packages/text";
import { isUnknown, keyedHash } from "../../../packages/values";
import type { Change } from "../../schema";

/** Command of the program: a text for a shell, or words for an image without one. */
export type CommandInput = string | readonly string[];

/** Input `release` of an application. */
export type ReleaseInput =
  | string
  | {
      readonly command: CommandInput;
      readonly timeoutSeconds?: number | undefined;
      readonly onVariables?: boolean | undefined;
    };

/** Facts that decide whether a command runs. */
export interface Occasion {
  /** Fingerprint of the last success, and its key, from the state. */
  readonly released?: string | undefined;
  readonly releaseWord?: string | undefined;
  /** Image that the program gives. */
  readonly image: string;
  readonly changes: readonly Change[];
  /** True when a service that is being adopted already runs this image; undefined for others. */
  readonly runsAlready?: boolean | undefined;
}

const DEFAULT_TIMEOUT_SECONDS = 600;
const MAX_LABEL_LENGTH = 120;

/** A release command, with the defaults of its options. */
export class ReleaseCommand {
  private constructor(
    readonly command: CommandInput,
    readonly timeoutSeconds: number,
    readonly onVariables: boolean,
  ) {}

  /** Returns the command of inputs; undefined when there is none, it is not known yet, or has a wrong type. */
  static in({ release }: { readonly release?: ReleaseInput | undefined }): ReleaseCommand | undefined {
    if (isUnknown(release)) return undefined;
    const options = typeof release === "string" ? { command: release } : release;
    if (typeof options !== "object" || options === null || !isCommand(options.command)) return undefined;
    const { command, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, onVariables = false } = options;
    return new ReleaseCommand(command, timeoutSeconds, onVariables);
  }

  /** Command as Dokploy stores it: it splits `command` at spaces, and leaves `args` as they are. */
  get columns(): { command: string; args: string[] } {
    if (typeof this.command === "string") return { command: "sh -c", args: [this.command] };
    const [program = "", ...args] = this.command;
    return { command: program, args };
  }

  /** Command for a message, such as `` `npm run migrate` ``. */
  get label(): string {
    const text = typeof this.command === "string" ? this.command : this.command.map(quoted).join(" ");
    return `\`${shorten(visible(text), MAX_LABEL_LENGTH)}\``;
  }

  /**
   * Identifies an image with the command: the same for as long as the command need not run again. Without the key, nobody finds
   * a secret in the command by trial.
   */
  fingerprint(image: string, word: string): string {
    return keyedHash(word, "release", image, this.command).slice(0, 22);
  }

  /** True when it has succeeded for this image, as the state says. */
  hasRun({ released, releaseWord, image }: Pick<Occasion, "released" | "releaseWord" | "image">): boolean {
    return releaseWord !== undefined && released === this.fingerprint(image, releaseWord);
  }

  /** True when it runs: once for each image and command, and for changed variables if the program says so. */
  isDue({ changes, runsAlready, ...state }: Occasion): boolean {
    if (runsAlready !== undefined) return !runsAlready;
    if (!this.hasRun(state)) return true;
    return this.onVariables && changes.some(({ path, apply }) => path === "env" && apply !== "none");
  }
}

/** True for a command in one of its forms, or one that is not known yet. The checks of a plan also get inputs of a wrong type. */
function isCommand(command: unknown): boolean {
  return [command].flat().every((word) => typeof word === "string");
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word);
}
