import { DokployError } from "../dokploy/errors";
import { type Problem, UserError } from "../problem";
import { isUnknown } from "../pulumi/unknown";
import { SettingsError } from "../settings/connection";
import { visible } from "../visible";
import type { Context } from "./context";
import type { Definition, Planned } from "./definition";
import { idsOfNothing } from "./named-ids";

type Values = Readonly<Record<string, unknown>>;

/** What a plan says before anything is changed, by the settings: problems that end it, and warnings, each told once. */
export class PreviewChecks<Inputs extends object> {
  private readonly told = new Set<string>();

  constructor(
    private readonly definition: Pick<Definition<Inputs, never>, "kind" | "schema" | "previewChecks">,
    private readonly connect: () => Context,
  ) {}

  /** Those of the problems with references that end the plan; the others are told, as the setting has it. */
  applySeverity(inputs: Values, problems: readonly Problem[]): Problem[] {
    if (problems.length === 0) return [];
    const context = attempt(this.connect);
    if (context === undefined || context.references === "error") return [...problems];
    if (context.references === "warn") for (const problem of problems) this.tell(inputs, problem);
    return [];
  }

  /** Tells of something that does not end the plan. */
  tell(inputs: Values, problem: Problem): void {
    const context = attempt(this.connect);
    const { property, reason } = context?.claims.secrets.hideIn(problem, inputs) ?? problem;
    if (context) this.warnOnce(context, `${this.labelOf(inputs)}: ${property} ${reason}.`);
  }

  /**
   * The inputs of a planned change that name nothing that Dokploy has.
   *
   * @throws UserError when the server is out of reach or fails
   */
  async namingNothing(
    olds: Values,
    news: Values,
    context: Context,
    { changes }: Planned,
  ): Promise<Problem[]> {
    // A preview may know what it plans and not where.
    if (context.server === undefined) return [];
    const changed = new Set(changes.map(({ input }) => input));
    try {
      return await idsOfNothing(this.definition.schema, olds, news, changed, context);
    } catch (error) {
      throw notSeen(error);
    }
  }

  /**
   * What the server says of a planned change. A plan that could not look promises what nobody has seen, and the update
   * would fail in the same way: so it ends. Only what the key may not see, though it may make the change, is a warning.
   *
   * @throws UserError when the server is out of reach, refuses the key or fails
   */
  async previewChecks(inputs: Values, context: Context, planned: Planned): Promise<Problem[]> {
    try {
      await context.api.ready?.();
    } catch (error) {
      throw notSeen(error);
    }
    try {
      if (!this.definition.previewChecks) return [];
      const seen = { ...context, reads: context.reads.snapshot() };
      return this.applySeverity(inputs, await this.definition.previewChecks(inputs as Inputs, seen, planned));
    } catch (error) {
      if (!(error instanceof DokployError) || error.kind !== "forbidden") throw notSeen(error);
      this.warnOnce(
        context,
        `Not checked, since the API key may not look there: what refers to shared variables. ${error.message}`,
      );
      return [];
    }
  }

  /**
   * The context for checks that need no server, with a `warn` that tells the same but once. Without a connection nothing
   * can be applied, and a plan without changes needs none; other settings must be right.
   */
  readonly context = (): Context | undefined => {
    try {
      const context = this.connect();
      return { ...context, warn: (message) => this.warnOnce(context, message) };
    } catch (error) {
      if (error instanceof SettingsError) return undefined;
      throw error;
    }
  };

  /** Tells it, unless it was told before in this run: Pulumi asks for a plan more than once. */
  warnOnce(context: Context, message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    context.warn(message);
  }

  private labelOf({ name }: Values): string {
    const { kind } = this.definition;
    return typeof name === "string" && !isUnknown(name) ? `${kind} "${visible(name)}"` : kind;
  }
}

function notSeen(error: unknown): unknown {
  if (!(error instanceof DokployError)) return error;
  return new UserError(
    `There is something to change, but Dokploy could not be asked, and applying it would fail in the same way: ${error.message}`,
  );
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
