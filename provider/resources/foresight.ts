import type { EnvTarget } from "../env/codec";
import { resolveEnv } from "../env/resolve";
import { ProblemError } from "../lifecycle";
import type { Problem } from "../problem";

/** A text that is about to be saved. */
export interface NewText {
  /** The input that it is written from: `env`, `buildArgs`, `buildSecrets`. */
  input: string;
  text: string;
  target: EnvTarget;
  /** The names that the program gives; the rest of the text is somebody else's. */
  owned: readonly string[];
}

/** The shared variables around a service, as its own row carries them. */
export interface Shared {
  env: string | null;
  project: { env: string | null };
}

/**
 * Refuses a text with which the deployment would fail, before it is saved: a reference to a shared variable that is not
 * there, for instance, which only the server can tell. What is wrong with other people's lines is a warning.
 *
 * @throws ProblemError naming `env.KEY`
 */
export function refuseFailing(
  texts: readonly NewText[],
  shared: Shared,
  warn: (message: string) => void,
): void {
  const problems: Problem[] = [];
  for (const { input, text, target, owned } of texts) {
    const found = resolveEnv(text, target, {
      project: shared.project.env ?? "",
      environment: shared.env ?? "",
    }).problems;
    for (const { key, reason } of found) {
      const property = key === "" ? input : `${input}.${key}`;
      if (key === "" || owned.includes(key))
        problems.push({ property, reason: `${reason}. Nothing was saved` });
      else warn(`${property}, which this program does not own, will make the deployment fail: ${reason}`);
    }
  }
  if (problems.length > 0) throw new ProblemError(problems);
}
