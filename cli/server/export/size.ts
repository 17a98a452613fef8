import { counted } from "../../../packages/text";
import { exportedSetting } from "../../../sdk/env-files";
import { UsageError } from "../../terminal";
import type { Options } from "./options";
import type { Plan } from "./plan";
import { variableOf } from "./secrets";
import { exportedText, type SecretValues } from "./store";

/**
 * Longest variable of the environment on Linux, with its name and the byte at its end. Pulumi passes the whole
 * configuration of a stack to a program in one, `PULUMI_CONFIG`, and fails with "argument list too long" above that.
 */
const maxVariable = 128 * 1024;
/** Room for settings that a person adds, such as the secrets that Dokploy does not show. */
const reserve = 4 * 1024;
/** Space for the environment and the arguments of a process: a quarter of the usual stack, with room for others. */
const maxEnvironment = 1536 * 1024;

/**
 * Refuses secrets that no program can get, before anything is written.
 *
 * @param former secrets that an earlier export stored in the stack
 * @throws UsageError with the ways out
 */
export function refuseTooLarge({ secrets }: Plan, options: Options, former: SecretValues): void {
  const { name, secrets: place } = options;
  if (place === "env") {
    refuseEnvironment(secrets.values);
    return;
  }
  const all = new Map([...former, ...secrets.values]);
  const size = configurationSize({ [`${name}:${exportedSetting}`]: exportedText(all) }) + reserve;
  if (size <= maxVariable) return;
  const ways = [
    "export projects one by one, each into a folder and a stack of its own: --project NAME",
    ...(options.plain.unlessSecretLooking
      ? []
      : ["show the variables that do not look like a secret in the files: --plain-unless-secret-looking"]),
    "take the secrets from the environment: --secrets env",
  ];
  throw new UsageError(
    `The ${counted(all.size, "secret")} take ${kib(size)} KiB, and Pulumi passes at most ${kib(maxVariable)} KiB of ` +
      `configuration to a program. Nothing was written. Ways out:\n${ways.map((way) => `  - ${way}`).join("\n")}\n` +
      `Most of it:\n${largest(all)}`,
  );
}

function refuseEnvironment(values: SecretValues): void {
  const sizes = [...values].map(([name, value]) => ({ name, size: variableSize(variableOf(name), value) }));
  const [first] = sizes.filter(({ size }) => size > maxVariable);
  if (first !== undefined)
    throw new UsageError(
      `${first.name} takes ${kib(first.size)} KiB, and a variable of the environment has at most ${kib(maxVariable)} KiB. ` +
        "Nothing was written. Store it in Dokploy as a file, or make it shorter.",
    );
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total <= maxEnvironment) return;
  throw new UsageError(
    `The ${counted(values.size, "secret")} take ${kib(total)} KiB, and an environment has at most ${kib(maxEnvironment)} ` +
      "KiB. Nothing was written. Export projects one by one, each into a folder of its own: --project NAME.\n" +
      `Most of it:\n${largest(values)}`,
  );
}

/** Returns the bytes of the variable with the configuration, in which Go's JSON escapes some more characters. */
export function configurationSize(settings: Readonly<Record<string, string>>): number {
  const json = JSON.stringify(settings).replace(/[<>&\u2028\u2029]/g, "\\u0000");
  return variableSize("PULUMI_CONFIG", json);
}

function variableSize(name: string, value: string): number {
  return Buffer.byteLength(`${name}=${value}`) + 1;
}

/** Lists the resources with the most text in their secrets. */
function largest(values: SecretValues): string {
  const sizes = new Map<string, number>();
  for (const [name, value] of values) {
    const group = name.slice(0, name.indexOf("."));
    sizes.set(group, (sizes.get(group) ?? 0) + Buffer.byteLength(value));
  }
  const sorted = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 5);
  return sorted.map(([group, size]) => `  ${group}: ${kib(size)} KiB`).join("\n");
}

function kib(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
