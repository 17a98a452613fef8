import { byText } from "../../packages/text";
import { type Code, parseUrn, readDiagnostic } from "../../provider/pulumi";
import type { Diagnostic } from "./preview";

/** A message of the preview. */
export interface Message {
  text: string;
  /** Name of the resource that it is about. */
  resource?: string;
  /** Code of a message of this package, by which it is recognised; its text may change. */
  code?: Code;
  /** Data of the code. */
  about?: string;
}

/** Lists the messages of one severity without repetitions and findings of policies, sorted by resource and text. */
export function messages(diagnostics: readonly Diagnostic[], severity: Diagnostic["severity"]): Message[] {
  const unique = new Map<string, Message>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity !== severity || diagnostic.policy !== undefined) continue;
    const { message: text, ...coded } = readDiagnostic(clean(diagnostic.message));
    const resource = diagnostic.urn === undefined ? undefined : parseUrn(diagnostic.urn)?.name;
    if (text === "") continue;
    const key = JSON.stringify([text, coded]);
    unique.set(key, { text, ...coded, ...(resource === undefined ? {} : { resource }) });
  }
  return [...unique.values()].sort(
    (a, b) => byText(a.resource ?? "", b.resource ?? "") || byText(a.text, b.text),
  );
}

/** Returns a message without colours and without the engine's own words around it. */
export function clean(message: string): string {
  return (
    message
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are what this takes out
      .replace(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g, "")
      .replace(/\r\n?/g, "\n")
      .trim()
      .replace(/^(?:error|warning|info): /, "")
      .replace(
        /^(?:pulumi-nodejs:dynamic\/dokploy|dokploy-native:index):(\w+) resource '(.*?)' has a problem: /,
        '$1 "$2": ',
      )
  );
}
