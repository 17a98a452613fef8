import { parseUrn } from "../../provider/pulumi";
import { UsageError } from "../terminal";
import { isRecord } from "./values";

/** One step of a plan, as the engine gives it. */
export interface Step {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
  /** Paths that differ (`env.LOG_LEVEL`, `env["A.B"]`), with `add`, `update` or `delete`. */
  diff?: Readonly<Record<string, string>>;
  /** Names of top-level inputs that differ, where the engine knows no more. */
  diffReasons: readonly string[];
  replaceReasons: readonly string[];
}

/** Inputs and outputs of a resource, before or after a step. */
export interface State {
  id?: string;
  /** False for components, which only group other resources. */
  custom: boolean;
  /** The option `retainOnDelete`: the object stays when its resource is deleted. The option in the old state counts. */
  retained: boolean;
  /** The option `protect`: no run deletes it. */
  isProtected?: boolean;
  /** URN of the resource whose deletion makes its own needless. */
  deletedWith?: string;
  /** URN and id of the provider that manages it. */
  provider?: string;
  /** URNs of the resources that each input takes a value from; undefined where the CLI does not print them. */
  dependencies?: Readonly<Record<string, readonly string[]>>;
  inputs: Readonly<Record<string, unknown>>;
  outputs: Readonly<Record<string, unknown>>;
}

/** A message of the engine or of a resource. */
export interface Diagnostic {
  severity: "error" | "warning" | "info";
  /** Text as printed, with colours and a prefix. */
  message: string;
  urn?: string;
  /** Name of the policy that found it: an error is mandatory, a warning advisory. */
  policy?: string;
}

/** Output of `pulumi preview --json`. */
export interface Preview {
  steps: Step[];
  diagnostics: Diagnostic[];
  /** True when the preview failed, whether or not it gave a reason. */
  failed: boolean;
}

/**
 * Reads the output of `pulumi preview --json`: one JSON document, or one event for each line, which the CLI prints
 * with PULUMI_ENABLE_STREAMING_JSON_PREVIEW. Other lines may surround it.
 *
 * @throws UsageError when the text is no such output, ends in the middle of it, or nests the values of a resource
 * deeper than 200
 */
export function readPreview(text: string): Preview {
  if (text.trim() === "") {
    throw new UsageError(
      "The plan is empty: `pulumi preview --json` printed nothing. Its error is on stderr of that command.",
    );
  }
  const lines = text.split(/\r?\n/);
  const events = lines.map(eventOf).filter((event) => event !== undefined);
  if (events.length > 0) return fromEvents(events);
  return fromDocument(documentOf(lines));
}

type Json = Readonly<Record<string, unknown>>;

/** Deeper than any plan that people read. The limit protects the recursion that compares and shows values. */
const maxDepth = 200;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function eventOf(line: string): Json | undefined {
  if (!line.startsWith('{"sequence":')) return undefined;
  const event = parsed(line);
  if (isRecord(event)) return event;
  throw cutOff();
}

/** Returns the JSON document among the lines; other tools may have printed something before or after it. */
function documentOf(lines: readonly string[]): Json {
  const whole = parsed(lines.join("\n"));
  if (whole !== undefined) return previewDocument(whole);
  const from = lines.findIndex((line) => line.trimEnd() === "{" || line.startsWith('{"'));
  if (from < 0)
    throw new UsageError(
      "This is not a plan: it contains no JSON. Pass the output of `pulumi preview --json`.",
    );
  const to = lines.findLastIndex((line) => line.trimEnd() === "}" || line.trimEnd().endsWith("}"));
  const document = parsed(lines.slice(from, to + 1).join("\n"));
  if (document === undefined) throw cutOff();
  return previewDocument(document);
}

function previewDocument(document: unknown): Json {
  if (
    isRecord(document) &&
    ("changeSummary" in document || "steps" in document || "diagnostics" in document)
  ) {
    return document;
  }
  throw new UsageError("This is JSON, but not a plan. Pass the output of `pulumi preview --json`.");
}

function cutOff(): UsageError {
  return new UsageError(
    "The plan is not complete JSON: the preview was interrupted, its output was cut, or something else is mixed " +
      "in. Run `pulumi preview --json` again, with stdout alone in the file.",
  );
}

function fromDocument(document: Json): Preview {
  const diagnostics = list(document["diagnostics"]).flatMap(diagnosticOf);
  return {
    steps: list(document["steps"]).flatMap((step) =>
      stepOf(step, step["oldState"], step["newState"], "kind"),
    ),
    diagnostics: withReason(
      diagnostics,
      "Findings of policies are in it only if PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true is set for `pulumi preview --json`.",
    ),
    failed: diagnostics.some(({ severity }) => severity === "error"),
  };
}

/**
 * Leaves out the error that only says that the preview failed: the others say why. If there is none, says where the reason
 * is; a document has no findings of policies.
 */
function withReason(diagnostics: readonly Diagnostic[], where: string): Diagnostic[] {
  const isBare = ({ severity, message }: Diagnostic) =>
    severity === "error" && /^(?:error: )?preview failed$/.test(message.trim());
  const others = diagnostics.filter((each) => !isBare(each));
  if (others.length === diagnostics.length || others.some(({ severity }) => severity === "error"))
    return others;
  const message = `preview failed, for a reason that is not in this output. ${where}`;
  return [...others, { severity: "error", message }];
}

function fromEvents(events: readonly Json[]): Preview {
  const steps: Step[] = [];
  const diagnostics: Diagnostic[] = [];
  let result: unknown;
  for (const event of events) {
    const { resourcePreEvent, diagnosticEvent, policyEvent, summaryEvent } = event;
    if (isRecord(resourcePreEvent) && isRecord(resourcePreEvent["metadata"])) {
      const { metadata } = resourcePreEvent;
      steps.push(...stepOf(metadata, metadata["old"], metadata["new"], "diffKind"));
    }
    if (isRecord(diagnosticEvent)) diagnostics.push(...diagnosticOf(diagnosticEvent));
    if (isRecord(policyEvent)) diagnostics.push(...findingOf(policyEvent));
    if (isRecord(summaryEvent)) result = summaryEvent["result"] ?? "succeeded";
  }
  if (result === undefined && !diagnostics.some(({ severity }) => severity === "error")) throw cutOff();
  return {
    steps,
    diagnostics: withReason(diagnostics, "The log of `pulumi preview` has it."),
    failed: result !== "succeeded" || diagnostics.some(({ severity }) => severity === "error"),
  };
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function stepOf(step: Json, oldState: unknown, newState: unknown, kindName: string): Step[] {
  const { op, urn } = step;
  if (typeof op !== "string" || typeof urn !== "string") return [];
  const detailed = step["detailedDiff"];
  return [
    {
      op,
      urn,
      ...(isRecord(oldState) ? { oldState: stateOf(oldState, urn) } : {}),
      ...(isRecord(newState) ? { newState: stateOf(newState, urn) } : {}),
      ...(isRecord(detailed) ? { diff: diffOf(detailed, kindName) } : {}),
      diffReasons: texts(step["diffReasons"] ?? step["diffs"]),
      replaceReasons: texts(step["replaceReasons"] ?? step["keys"]),
    },
  ];
}

function stateOf(state: Json, urn: string): State {
  const {
    id,
    custom,
    retainOnDelete,
    protect,
    deletedWith,
    provider,
    propertyDependencies,
    inputs,
    outputs,
  } = state;
  if (isDeeper([inputs, outputs], maxDepth)) {
    // The message is also rendered as Markdown, where other characters could have a meaning.
    const name = /^[\w.-]{1,100}$/.exec(parseUrn(urn)?.name ?? "")?.[0] ?? "a resource";
    throw new UsageError(
      `The plan is not shown: an input or output of ${name} is nested deeper than ${maxDepth} levels. ` +
        "Reduce the nesting in the program; `pulumi preview --diff` shows it.",
    );
  }
  return {
    ...(typeof id === "string" && id !== "" ? { id } : {}),
    custom: custom === true,
    retained: retainOnDelete === true,
    isProtected: protect === true,
    ...(typeof deletedWith === "string" ? { deletedWith } : {}),
    ...(typeof provider === "string" ? { provider } : {}),
    ...(isRecord(propertyDependencies) ? { dependencies: dependenciesOf(propertyDependencies) } : {}),
    inputs: isRecord(inputs) ? inputs : {},
    outputs: isRecord(outputs) ? outputs : {},
  };
}

function dependenciesOf(given: Json): Record<string, string[]> {
  return Object.fromEntries(Object.entries(given).map(([input, urns]) => [input, texts(urns)]));
}

/** Checks level by level, because recursion could overflow the stack, which this check prevents. */
function isDeeper(values: unknown[], limit: number): boolean {
  let level = values;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level
      .filter((value) => typeof value === "object" && value !== null)
      .flatMap((value) => Object.values(value));
  }
  return false;
}

function diffOf(detailed: Json, kindName: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(detailed).map(([path, entry]) => {
      const kind = isRecord(entry) ? entry[kindName] : undefined;
      return [path, typeof kind === "string" ? kind.replace(/-replace$/, "") : "update"];
    }),
  );
}

function diagnosticOf(entry: Json): Diagnostic[] {
  const { severity, message, urn } = entry;
  if (severity !== "error" && severity !== "warning" && severity !== "info") return [];
  if (typeof message !== "string") return [];
  return [{ severity, message, ...(typeof urn === "string" && urn !== "" ? { urn } : {}) }];
}

/** Reads the finding of a policy. Unless it is advisory, it ends the preview. */
function findingOf({ enforcementLevel, policyName, message, resourceUrn }: Json): Diagnostic[] {
  if (typeof policyName !== "string" || policyName === "") return [];
  const severity = enforcementLevel === "advisory" ? "warning" : "error";
  return diagnosticOf({ severity, message, urn: resourceUrn }).map((each) => ({
    ...each,
    policy: policyName,
  }));
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
