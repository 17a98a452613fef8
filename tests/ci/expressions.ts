/** Evaluates `${{ … }}` with the evaluator that GitHub publishes. */

type Library = typeof import("@actions/expressions", { with: { "resolution-mode": "import" }});

/** What expressions can refer to: `github`, `inputs`, `secrets` … as plain values. */
export type Contexts = Record<string, unknown>;

/** How the jobs or steps before ended, for `success()`, `failure()` and `cancelled()`. */
export type Status = "success" | "failure" | "cancelled";

const template = /\$\{\{([\s\S]*?)\}\}/g;

export class Expressions {
  private constructor(private readonly library: Library) {}

  static async load(): Promise<Expressions> {
    return new Expressions(await import("@actions/expressions"));
  }

  /** The text with each of its expressions replaced by what it evaluates to. */
  text(text: string, contexts: Contexts): string {
    return text.replace(template, (_, expression: string) =>
      this.evaluate(expression, contexts).coerceString(),
    );
  }

  /** The value of a text that is one expression; a list stays a list. Any other text is its own value. */
  value(text: string, contexts: Contexts): unknown {
    const [whole, expression] = /^\$\{\{([\s\S]*)\}\}$/.exec(text.trim()) ?? [];
    if (whole === undefined || expression === undefined) return this.text(text, contexts);
    return JSON.parse(JSON.stringify(this.evaluate(expression, contexts), this.library.data.replacer));
  }

  /** Whether a job or step runs. Without a function that asks for the status it takes success, too. */
  condition(text: string | undefined, contexts: Contexts, status: Status): boolean {
    const expression = (text ?? "success()").trim().replace(/^\$\{\{([\s\S]*)\}\}$/, "$1");
    const asksForStatus = /\b(?:success|failure|cancelled|always)\(\)/.test(expression);
    const holds = this.evaluate(expression, contexts, status);
    const { kind } = holds;
    const falsy = kind === this.library.data.Kind.Null || ["", "0", "false"].includes(holds.coerceString());
    return !falsy && (asksForStatus || status === "success");
  }

  /**
   * @throws for a context or a property that there is not: GitHub takes these for empty, and a misspelt name would
   * pass
   */
  private evaluate(expression: string, contexts: Contexts, status: Status = "success") {
    const { Lexer, Parser, Evaluator, data } = this.library;
    const known = JSON.parse(JSON.stringify(contexts), data.reviver) as InstanceType<typeof data.Dictionary>;
    const functions = Object.entries({
      success: status === "success",
      failure: status === "failure",
      cancelled: status === "cancelled",
      always: true,
    }).map(([name, holds]) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(holds) }));

    class StrictEvaluator extends Evaluator {
      override visitIndexAccess(
        access: Parameters<InstanceType<Library["Evaluator"]>["visitIndexAccess"]>[0],
      ) {
        const parent = this.eval(access.expr);
        const name = this.eval(access.index).coerceString();
        if (parent.kind === data.Kind.Dictionary && (parent as typeof known).get(name) === undefined) {
          throw new Error(`The test knows no "${name}" of: ${expression.trim()}`);
        }
        return super.visitIndexAccess(access);
      }
    }
    const { tokens } = new Lexer(expression).lex();
    const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
    return new StrictEvaluator(tree, known, new Map(functions.map((each) => [each.name, each]))).evaluate();
  }
}
