import { readsEnvFile } from "./files";
import type { Subject } from "./subject";

/**
 * Values with line breaks, of a stack that reads `.env`: Docker takes each line of that file for a variable of its own,
 * and knows no quotes. What is put into the compose file as `${NAME}` arrives whole.
 */
export function checkMultiline(subject: Subject): void {
  const { stack, createEnvFile, variables, report } = subject;
  if (!stack || !createEnvFile || !readsEnvFile(subject)) return;
  for (const name of variables.names) {
    if (!/[\r\n]/.test(variables.value(name) ?? "")) continue;
    report(
      "multiline-variable",
      undefined,
      "has several lines, and .env of a stack takes one: a container gets the first, or the deployment fails. Name it in " +
        `environment of the service, as \${${name}}, in place of env_file: .env`,
      name,
    );
  }
}
