import { type Attack, attacksOn } from "./attacks";
import { controls, functionAttacks, functions } from "./functions";

/** What is fed with long texts: an expression, or one of `functions` by its name. */
export interface Subject {
  readonly name: string;
  readonly expression?: RegExp;
}

export function attacksOf({ expression }: Subject): readonly Attack[] {
  return expression === undefined ? functionAttacks() : attacksOn(expression);
}

export function feed({ name, expression }: Subject, text: string): void {
  if (expression === undefined) {
    const run = functions[name] ?? controls[name];
    if (run === undefined) throw new Error(`There is no function ${name}`);
    run(text);
    return;
  }
  expression.lastIndex = 0;
  // All that is found, for those that split a text or replace something in it.
  if (expression.global) text.replace(expression, "");
  else expression.test(text);
}
