import { visible } from "../../packages/text";
import { isUnknown, type Values } from "../../packages/values";
import { DokployError, SettingsError } from "../dokploy";
import { looksSecret, rotationSteps } from "../env";
import { type Problem, UserError } from "../errors";
import type { Code, Report } from "../pulumi";
import type { EnvInput } from "../schema";
import type { Context } from "./context";
import type { Advice, Entity, Planned } from "./entity";
import { idsOfNothing } from "./named-ids";

/** Maps of variables in the state and in the program. */
type Maps = Readonly<Record<"olds" | "news", readonly Pick<EnvInput, "path" | "value">[]>>;

/**
 * Reports of a plan before anything is changed, according to the settings: problems that end it, and warnings, each
 * only once.
 */
export class PreviewChecks<Inputs extends object> {
  private readonly reported = new Set<string>();

  constructor(
    private readonly entity: Pick<Entity<Inputs, never>, "kind" | "schema" | "preview">,
    private readonly connect: () => Context,
  ) {}

  /**
   * Returns the problems with references that end the plan; the others are reported as the setting requires.
   *
   * @param adoptUnchanged true for an adopted object, whose references are as good as before: nothing ends the plan
   */
  applySeverity(inputs: Values, problems: readonly Problem[], adoptUnchanged = false): Problem[] {
    if (problems.length === 0) return [];
    const context = attempt(this.connect);
    if (context === undefined || (context.references === "error" && !adoptUnchanged)) return [...problems];
    if (context.references !== "off") {
      for (const problem of problems) this.report(inputs, problem, "reference");
    }
    return [];
  }

  /** Reports a problem that does not end the plan. */
  report(inputs: Values, problem: Problem, code: Code): void {
    const context = attempt(this.connect);
    const { property, reason } = context?.run.secrets.hideIn(problem, inputs) ?? problem;
    if (context) this.warnOnce(context, `${this.labelOf(inputs)}: ${property} ${reason}.`, code);
  }

  /** Reports the changes of variables that rotate, and mistakes in them. */
  rotations(label: string, maps: Maps, isPending: boolean, context: Context): void {
    const isSecret = (key: string, text: string) =>
      looksSecret(key, text) || context.run.secrets.wasMarked(text);
    for (const { path, value } of maps.news) {
      const former = maps.olds.find((map) => map.path === path)?.value;
      for (const { isMistake, description } of rotationSteps(former, value, isPending, isSecret)) {
        this.once(isMistake ? context.warn : context.inform, `${label}: ${description}.`, "rotation");
      }
    }
  }

  /**
   * Returns the inputs of a planned change that name nothing in Dokploy.
   *
   * @throws UserError when the server is out of reach or fails
   */
  async namingNothing(
    olds: Values,
    news: Values,
    context: Context,
    { changes }: Planned,
  ): Promise<Problem[]> {
    // A preview may not know its server yet.
    if (context.server === undefined || context.adoptUnchanged) return [];
    const changed = new Set(changes.map(({ input }) => input));
    try {
      return await idsOfNothing(this.entity.schema, olds, news, changed, context);
    } catch (error) {
      throw notChecked(error);
    }
  }

  /**
   * Checks a planned change with the server. A plan whose check fails must fail too, since the update would
   * fail in the same way. Only checks that the key may not make, although it may make the change, are skipped with a
   * warning.
   *
   * @throws UserError when the server is out of reach, refuses the key or fails
   */
  async preview(inputs: Values, context: Context, planned: Planned): Promise<Problem[]> {
    try {
      await context.api.ready?.();
    } catch (error) {
      throw notChecked(error);
    }
    try {
      if (!this.entity.preview) return [];
      const seen = { ...context, reads: context.reads.snapshot() };
      const problems = await this.entity.preview(inputs as Inputs, seen, planned);
      return this.applySeverity(inputs, problems, context.adoptUnchanged);
    } catch (error) {
      if (!(error instanceof DokployError) || error.kind !== "forbidden") throw notChecked(error);
      this.warnOnce(
        context,
        `References to shared variables are not checked, since the API key cannot read them. ${error.message}`,
        "unchecked",
      );
      return [];
    }
  }

  /**
   * Returns the context for checks that need no server, with a `warn` that reports each message only once. Without a
   * connection nothing can be applied, and a plan without changes needs none; other settings must be valid.
   */
  readonly context = (): Context | undefined => {
    const context = this.connected();
    return context && { ...context, warn: (...notice) => this.warnOnce(context, ...notice) };
  };

  /** Returns that context for the check of a resource, whose `warn` begins with the label. */
  adviceFor(inputs: Values): Advice | undefined {
    const context = this.connected();
    if (context === undefined) return undefined;
    const say: Report = (...notice) => this.warnOnce(context, ...notice);
    return { ...context, say, warn: (text, ...coded) => say(`${this.labelOf(inputs)}: ${text}`, ...coded) };
  }

  private connected(): Context | undefined {
    try {
      return this.connect();
    } catch (error) {
      if (error instanceof SettingsError) return undefined;
      throw error;
    }
  }

  /** Reports a message, unless this run reported it before: Pulumi requests a plan more than once. */
  warnOnce(context: Context, ...[message, ...coded]: Parameters<Report>): void {
    this.once(context.warn, message, ...coded);
  }

  private once(report: Report, ...[message, ...coded]: Parameters<Report>): void {
    if (this.reported.has(message)) return;
    this.reported.add(message);
    report(message, ...coded);
  }

  private labelOf({ name }: Values): string {
    const { kind } = this.entity;
    return typeof name === "string" && !isUnknown(name) ? `${kind} "${visible(name)}"` : kind;
  }
}

/**
 * Returns the error of a plan that could not be checked. Any failed request ends it, since the update sends it again.
 */
function notChecked(error: unknown): unknown {
  if (!(error instanceof DokployError)) return error;
  return new UserError(
    `There are changes, but a request to Dokploy failed, and an update would fail in the same way: ${error.message}`,
  );
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
