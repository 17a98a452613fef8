/** One command of `pulumi-dokploy`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The text of `--help`. */
  readonly help: string;
  /** Runs with the arguments after the command's name. Resolves when its work is done. */
  run(args: readonly string[]): Promise<void>;
}
