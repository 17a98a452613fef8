import { byText } from "../../packages/text";
import { parseUrn } from "../../provider/pulumi";
import { clean, type Message } from "./messages";
import type { Diagnostic } from "./preview";

/** Finding of a policy in one place. */
export interface Finding {
  /** True when it ends the preview. */
  readonly isMandatory: boolean;
  /** Name of the policy. */
  readonly rule: string;
  /** Name of the resource in the program; undefined for the stack as a whole. */
  readonly resource?: string;
  /** Place in the resource: `env.DB_PASSWORD`; empty for the resource itself. */
  readonly place: string;
  /** The reason, without resource and place, so that those of several places are equal. */
  readonly text: string;
}

/** Lists the findings of policies, the mandatory ones first, sorted by resource, rule and place. */
export function findingsIn(diagnostics: readonly Diagnostic[]): Finding[] {
  const unique = new Map<string, Finding>();
  for (const { policy, severity, message, urn } of diagnostics) {
    if (policy === undefined) continue;
    const { kind, name } = parseUrn(urn ?? "") ?? {};
    const finding: Finding = {
      isMandatory: severity === "error",
      rule: policy,
      ...(name === undefined || kind === undefined ? {} : { resource: name }),
      ...placed(reasonIn(clean(message)), `${kind} "${name}"`),
    };
    unique.set(JSON.stringify(Object.values(finding)), finding);
  }
  return [...unique.values()].sort(
    (a, b) =>
      Number(b.isMandatory) - Number(a.isMandatory) ||
      byText(a.resource ?? "", b.resource ?? "") ||
      byText(a.rule, b.rule) ||
      byText(a.place, b.place),
  );
}

/** Findings of one rule with one reason. */
export type Reason = readonly [Finding, ...Finding[]];

/** Groups findings by their reason, in their order. */
export function byReason(findings: readonly Finding[]): Reason[] {
  const reasons = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.isMandatory, finding.rule, finding.text]);
    const known = reasons.get(key);
    if (known) known.push(finding);
    else reasons.set(key, [finding]);
  }
  return [...reasons.values()];
}

/** Leaves out what a check of the program warns of and a policy of the same name found too. */
export function withoutFound(warnings: readonly Message[], findings: readonly Finding[]): Message[] {
  const rules = new Set(findings.map(({ rule }) => rule));
  return warnings.filter(({ code, text }) => {
    const [, check = ""] = /\[([\w-]+)\]$/.exec(text) ?? [];
    return code !== "advice" || !rules.has(check);
  });
}

/** Returns the reason in the message of a policy, whose first line describes the policy. */
function reasonIn(message: string): string {
  const [description = "", ...lines] = message.split("\n");
  return (
    lines
      .map((line) => line.trim())
      .join(" ")
      .trim() || description.trim()
  );
}

/** Separates the place from a reason of the policies of this package, which name it behind the resource. */
function placed(reason: string, resource: string): Pick<Finding, "place" | "text"> {
  // A check of programs ends with its name, which is also that of the policy.
  const text = reason.replace(/ \[[\w-]+\]$/, "");
  const [before = "", after] = splitAt(text, resource);
  if (after === undefined) return { place: "", text };
  if (before === "") {
    const [, place = "", rest = after] = /^: (\d+:\d+): (.*)$/s.exec(after) ?? [];
    return { place, text: place === "" ? `It${rest}` : rest };
  }
  const [, place = "", rest = after] = /^(?: (.*?))?(\. .*|\.)$/s.exec(after) ?? [];
  return { place, text: before.replace(/:? $/, "") + rest };
}

function splitAt(text: string, part: string): [string, string?] {
  const at = text.indexOf(part);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + part.length)];
}
