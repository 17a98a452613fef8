import { scan } from "./dotenv";

/**
 * Returns the numbers of the lines that hold more than a variable, or none: comments, text that dotenv ignores, and
 * variables that a later line sets again. They are lost when the whole text is replaced.
 */
export function otherLines(text: string): number[] {
  const assignments = scan(text);
  const last = new Map(assignments.map((assignment) => [assignment.key, assignment]));
  let rest = "";
  let from = 0;
  for (const { start, valueEnd } of assignments.filter((one) => last.get(one.key) === one)) {
    // Its line breaks stay, so that the lines after it keep their numbers.
    rest += text.slice(from, start) + text.slice(start, valueEnd).replace(/[^\r\n]/g, " ");
    from = valueEnd;
  }
  rest += text.slice(from);
  // An empty comment says nothing; `mergeEnv` may leave one.
  return rest
    .split(/\r\n?|\n/)
    .flatMap((line, index) => (["", "#"].includes(line.trim()) ? [] : [index + 1]));
}
