import { compareSides } from "../../../cli/env/diff/compare";
import type { Side, Value } from "../../../cli/env/diff/model";
import { parseOperand } from "../../../cli/env/diff/operand";
import { renderTable } from "../../../cli/env/diff/render";
import { removeValue, setValue } from "../../../cli/files/yaml-edit";
import { readFingerprint } from "../../../cli/plan/approval/block";
import { planKey } from "../../../cli/plan/approval/key";
import { code, cut, prose } from "../../../cli/plan/markdown";
import { messages } from "../../../cli/plan/messages";
import { planOf } from "../../../cli/plan/model";
import { readPreview } from "../../../cli/plan/preview";
import { render } from "../../../cli/plan/render";
import { Effort, textDiff } from "../../../cli/plan/text-diff";
import { parsePath } from "../../../cli/plan/values";
import { checkComposeFile } from "../../../packages/compose-checks/checks/check";
import { mountedFiles } from "../../../packages/compose-checks/checks/kept-files";
import { usesOf } from "../../../packages/compose-checks/checks/uses";
import { visible, visibleLines } from "../../../packages/text/visible";
import { begin, next } from "../../../provider/deploy/attribution";
import { findCause } from "../../../provider/deploy/causes";
import { ageSeconds, readContainer, readTask } from "../../../provider/deploy/health-rows";
import { logLines, logTail } from "../../../provider/deploy/log";
import { commitFromEnvironment } from "../../../provider/deploy/title";
import { redact, secretsOf } from "../../../provider/dokploy/redact";
import type { DeploymentRow, QueueJob } from "../../../provider/dokploy/rows";
import { isLoopback } from "../../../provider/dokploy/settings/address";
import { readSettings } from "../../../provider/dokploy/settings/connection";
import { sourcesOf } from "../../../provider/dokploy/settings/provider-settings";
import { readRunSettings } from "../../../provider/dokploy/settings/run";
import { parseVersion } from "../../../provider/dokploy/version";
import { mergeEnv, pickEnv } from "../../../provider/env/block";
import { checkChains } from "../../../provider/env/chains";
import { checkEnv, type EnvDialect, readEnv, writeEnv } from "../../../provider/env/codec";
import { maskSecrets } from "../../../provider/env/masking/mask";
import { partsOf, secretsWithin } from "../../../provider/env/masking/parts";
import { resolveEnv } from "../../../provider/env/resolve";
import { holdsLogin, looksSecret } from "../../../provider/env/secret-looking";
import { looksOutside, sharedUses } from "../../../provider/env/uses";
import { diagnosticOf, readDiagnostic } from "../../../provider/pulumi/notices";
import { misfit } from "../../../sdk/env-files/contract-file";
import { matchesPattern, patternProblem } from "../../../sdk/env-files/contract-pattern";
import { variableTypes } from "../../../sdk/env-files/contract-types";
import { readDotenv } from "../../../sdk/env-files/dotenv-file";
import { keyFilter } from "../../../sdk/env-files/select";
import { readYaml } from "../../../sdk/env-files/yaml-file";
import { fileError } from "../../../sdk/files/source";
import { theOne } from "../../../sdk/lookups/error";
import { readApp } from "../../../sdk/repository/app-file";
import type { Attack } from "./attacks";

const targets: readonly EnvDialect[] = [
  "application",
  "stack",
  "compose",
  "compose-unquoted",
  "compose-templates",
  "build",
  "secret",
  "shared",
];

function variablesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const equals = line.indexOf("=");
      return equals > 0 ? [[line.slice(0, equals), line.slice(equals + 1)]] : [];
    }),
  );
}

/** Which target it is decides on the way of writing and on the checks. */
function ofTarget(target: EnvDialect): Record<string, (text: string) => unknown> {
  return {
    [`writeEnv of one value as ${target}`]: (text) => writeEnv({ A: text }, target),
    [`checkEnv of many as ${target}`]: (text) => checkEnv(variablesOf(text), target),
  };
}

/** What is the same for all targets, but for how much each takes. */
function ofEnv(target: EnvDialect): Record<string, (text: string) => unknown> {
  return {
    [`readEnv as ${target}`]: (text) => readEnv(text, target),
    [`checkEnv beside unknown keys as ${target}`]: (text) =>
      checkEnv(variablesOf(text), target, { unknownKeys: text.split("\n") }),
    [`checkChains as ${target}`]: (text) => checkChains(variablesOf(text), target),
    [`mergeEnv into a text as ${target}`]: (text) => mergeEnv(text, { NEW: "1", A: "2" }, ["B"], target),
    [`mergeEnv of many as ${target}`]: (text) => mergeEnv(text, variablesOf(text), [], target),
    [`mergeEnv without many as ${target}`]: (text) =>
      mergeEnv(text, {}, Object.keys(variablesOf(text)), target),
    [`mergeEnv of a value as ${target}`]: (text) => mergeEnv("B=1\n", { A: text }, ["B"], target),
    [`pickEnv as ${target}`]: (text) => pickEnv(text, ["A", "B"], target),
    [`resolveEnv as ${target}`]: (text) => resolveEnv(text, target, { project: "P=1", environment: "E=1" }),
    [`resolveEnv with shared variables as ${target}`]: (text) =>
      resolveEnv("A=${{project.A}}${{environment.A}}", target, { project: text, environment: text }),
  };
}

const compose = (text: string, composeType: "docker-compose" | "stack" = "docker-compose") =>
  checkComposeFile({ text, composeType, variables: { A: "1" } });

const indented = (text: string) => text.replaceAll("\n", "\n      ");

const candidatesPlace = { where: "Dokploy", noun: "project", advice: "" };

const anyKey = planKey({ DOKPLOY_PLAN_KEY: "a key for the tests" });

/** What was asked before is remembered by some: each time another text. */
let asked = 0;
const fresh = (text: string) => `${asked++} ${text}`;

/** A plan with a text as all that may be one. */
function planWith(text: string): string {
  const urn = `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::${text}`;
  const state = (env: string) => ({
    custom: true,
    id: text,
    inputs: { name: text, env: { A: env, [text]: "1" }, description: env },
    outputs: { appName: text },
  });
  const step = {
    op: "update",
    urn,
    oldState: state(text),
    newState: state(`${text}\nmore`),
    detailedDiff: {
      "env.A": { kind: "update" },
      description: { kind: "update" },
      [text]: { kind: "add" },
    },
  };
  const diagnostics = [{ severity: "warning", message: text, urn }];
  return JSON.stringify({ steps: [step], diagnostics });
}

function sideOf(label: string, text: string): Side {
  const variables = Object.entries({ A: text, [text]: "1", ...variablesOf(text) }).map(
    ([key, value]): [string, Value] => [key, { kind: "known", text: value, origin: "plain" }],
  );
  return { label, isSingle: true, hosts: [{ name: text, aliases: [text], variables: new Map(variables) }] };
}

function envDiff(text: string): string {
  const all = { services: [], keysOnly: false, takes: () => true, hides: () => false };
  return renderTable(compareSides(sideOf("a", text), sideOf("b", `${text}1`), all), true);
}

function attributed(text: string): unknown {
  const sent = {
    nonce: "k3f9x2ab",
    method: "deploy",
    before: new Set<string>(),
    accepted: true,
    at: 0,
  } as const;
  const queue = [
    { id: text, data: { titleLog: text }, timestamp: 1, state: "waiting" },
  ] as unknown as QueueJob[];
  const records = [
    { deploymentId: text, title: text, description: text, status: "done", createdAt: text },
  ] as unknown as DeploymentRow[];
  let state = begin(sent);
  for (const at of [1000, 2000, 20_000]) {
    state = next(state, { at, queue: at < 2000 ? queue : [], records: at < 2000 ? [] : records });
  }
  return state;
}

/** What meets a text of somebody else, by name. What they throw is their answer. */
export const functions: Readonly<Record<string, (text: string) => unknown>> = Object.fromEntries(
  Object.entries<(text: string) => unknown>({
    ...Object.assign({}, ...targets.map(ofTarget), ofEnv("application"), ofEnv("compose-templates")),
    looksSecret: (text) => looksSecret(text, text),
    holdsLogin,
    looksOutside,
    sharedUses: (text) => sharedUses(text, text),
    partsOf: (text) => partsOf(fresh(text)),
    "partsOf in lines": (text) => partsOf(`${asked++}\n${text}`),
    secretsWithin,
    "logTail without secrets": (text) => logTail(text, []),
    "logTail with secrets": (text) =>
      logTail(`start\n${text}`, ["abcd", "a secret\nof lines", "${{A}} rest"]),
    "maskSecrets in a log": (text) => maskSecrets(text, ["abcd", "aaaa", "0000", "    "]),
    "maskSecrets of a secret": (text) => maskSecrets("a log", [fresh(text)]),
    "maskSecrets of a secret in itself": (text) => maskSecrets(`${text}a`, [`${asked++}\n${text}`]),
    attribution: attributed,
    findCause: (text) => findCause(logLines(text, [])),
    "findCause of a line": (text) => findCause([text]),
    readTask: (text) => readTask({ currentState: text, error: text } as Parameters<typeof readTask>[0]),
    readContainer: (text) =>
      readContainer({ state: text, status: text } as Parameters<typeof readContainer>[0]),
    ageSeconds,
    commitFromEnvironment: (text) => commitFromEnvironment({ GITHUB_SHA: text }),
    parseVersion,
    redact: (text) => redact(text, ["abcd"]),
    secretsOf: (text) => secretsOf({ env: text }),
    "redact what was sent": (text) => redact("a message", secretsOf({ env: text })),
    "checkComposeFile of a text": (text) => compose(text),
    "checkComposeFile of a stack": (text) =>
      compose(`services:\n  a:\n    image: a:1\n    command: ${JSON.stringify(text)}`, "stack"),
    "checkComposeFile of a value": (text) =>
      compose(`services:\n  a:\n    image: ${JSON.stringify(text)}\n    ports: [${JSON.stringify(text)}]`),
    "checkComposeFile of an environment": (text) =>
      compose(`services:\n  a:\n    image: a:1\n    environment:\n      ${indented(text)}`),
    "checkComposeFile of ports": (text) =>
      compose(`services:\n  a:\n    image: a:1\n    ports:\n      ${indented(text)}`),
    usesOf: (text) => usesOf(text, "A"),
    "readSettings of each": (text) => readSettings({ stack: () => text, environment: {} }),
    "readSettings of addresses": (text) =>
      readSettings({
        stack: (name) => (name === "url" ? `https://a.example/${text}` : undefined),
        environment: { DOKPLOY_URL: `https://${text}`, DOKPLOY_API_KEY: text },
      }),
    "readRunSettings of a list": (text) =>
      readRunSettings({ stack: (name) => (name === "only" ? text : undefined), environment: {} }),
    "readRunSettings of a map": (text) =>
      readRunSettings({ stack: (name) => (name === "composeChecks" ? text : undefined), environment: {} }),
    "sourcesOf a provider": (text) => sourcesOf(() => text, {}),
    readDiagnostic: (text) => readDiagnostic(diagnosticOf(text, "server", text)),
    isLoopback,
    "theOne of a name": (text) => theOne(text, [{ id: "1", name: `${text}1` }], candidatesPlace),
    "theOne of many": (text) =>
      theOne(
        "a name of its own",
        text.split("\n").map((name, at) => ({ id: String(at), name })),
        candidatesPlace,
      ),
    mountedFiles,
    readDotenv: (text) => {
      const source = { path: "a.env", text };
      return fileError(source, readDotenv(source).findings);
    },
    readYaml: (text) => {
      const source = { path: "a.yaml", text };
      return fileError(source, readYaml(source).findings);
    },
    "setValue in a file": (text) => setValue({ path: "a.yaml", text }, ["A"], { text: "b" }),
    "setValue of a value": (text) => setValue({ path: "a.yaml", text: "A: 1\n" }, ["A"], { text }),
    removeValue: (text) => removeValue({ path: "a.yaml", text }, ["A"]),
    readApp: (text) =>
      readApp(
        { path: "dokploy-app.yaml", text: `kind: application\nimage: a:1\n${text}` },
        ["prod"],
        (_kind, name) => name,
      ),
    "values of a contract": (text) =>
      Object.keys(variableTypes).map((type) =>
        misfit(
          { key: "A", type: type as keyof typeof variableTypes, values: ["a"], required: true, offset: 0 },
          text,
        ),
      ),
    matchesPattern: (text) => [matchesPattern("a*a*a*b", text), matchesPattern(text.slice(0, 20), text)],
    patternProblem,
    keyFilter: (text) => keyFilter({ include: ["*a*a*b", "*0*", text], exclude: ["a*=*b"] })(text),
    "keyFilter of many": (text) => keyFilter({ include: [`${text}*b`] })(text),
    visible,
    visibleLines,
    code,
    prose,
    cut: (text) => cut(text, 100),
    messages: (text) =>
      messages([{ severity: "error", message: text } as Parameters<typeof messages>[0][number]], "error"),
    readPreview,
    "textDiff to nothing": (text) => textDiff(text, undefined, new Effort()),
    "textDiff to another": (text) => textDiff(text, `${text.slice(1)}\nb\n${text}`, new Effort()),
    parsePath,
    readFingerprint: (text) => readFingerprint(text, "shop/test", anyKey),
    "readFingerprint before some": (text) =>
      readFingerprint(
        text + `<!-- dokploy-plan:v1 AAAA 9999999 ${"A".repeat(44)} -->`.repeat(10),
        "shop/test",
        anyKey,
      ),
    parseOperand,
    "plan-summary": (text) => render(planOf(readPreview(planWith(text))), { maxLength: 65_000 }),
    "env diff": envDiff,
  }).map(([name, run]) => [
    name,
    (text: string) => {
      try {
        return run(text);
      } catch (error) {
        // Only what stands in its way by itself: a text that is too long for the engine is none of these.
        if (error instanceof RangeError) throw error;
        return error;
      }
    },
  ]),
);

/** Two that are not in proportion: one goes back from each sign, the other does twice as much for each. */
export const controls: Readonly<Record<string, (text: string) => unknown>> = {
  "blanks at the end": (text) => text.replace(/\s+$/, "!"),
  "a template of Swarm": (text) => text.replace(/\{\{(?:\/\*[\s\S]*?\*\/|(?!\}\})[\s\S])*?\}\}/g, ""),
};

/** What one of them may do something about, each repeated by itself. */
const signs = [
  ...[
    "a",
    "0",
    "_",
    " ",
    "\t",
    "\r",
    "\n",
    "\u2028",
    "\u00a0",
    "é",
    "\ud800",
    "\u200d",
    "\u001b[",
    "\u001b]",
  ],
  ...[
    "{{",
    "}}",
    "{{/*a ",
    "/*a ",
    '{{"',
    "{{'",
    "{{`a`",
    "{{a}}",
    '{{""}}',
    "${",
    "${a",
    "${a:-",
    "${a?\r",
    "$$",
    "}",
    "}}",
    "${{",
    "${{A}}",
    "${{project.A}}",
    "${{vault.",
    "${{ a . b }}",
  ],
  ...[
    '"',
    "'",
    "`",
    "\\",
    '\\"',
    "\\n",
    '"a',
    "'a\n",
    '="',
    "=",
    ":",
    ": ",
    "://",
    "://a:",
    "a@",
    "@",
    "key",
    "key=",
    "key0",
    "key ",
    "a.",
    ".",
    "*",
    "-",
    "- ",
    "- a\n",
    "#",
    " #",
    "#\n",
    "##",
    "##[",
    "::",
    "<{%",
    "[",
    "]",
    "{",
    "a: ",
    "? ",
    "&a ",
    "*a ",
    "!a ",
    "|",
    ">",
    ",",
  ],
  ...[
    "A=1\n",
    "A=",
    "A='\n",
    'A="\n',
    'A="\\"\n',
    "A:\n",
    "A\n",
    "export ",
    "abcd",
    "abcd abcdabcd ",
    "--build-arg ",
    'process "',
  ],
  ...[
    "k§=v\n",
    "k§=${{k¤}}\n",
    "k§=${{x§}}\n",
    "k§=${{project.x§}}\n",
    "${{x§}}",
    "${{k§}}",
    "${{project.x§}}",
    "k§: v\n",
    "- k§\n",
    '- "§:§"\n',
    '- "1-65535:1-65535"\n',
    '- "1.2.3.4:§:§"\n',
    "k§: {image: a, depends_on: [k¤]}\n",
    'k§="a\n',
    "x§\n",
    "k§: ${x§}\n",
    "k§: &a§ [*a¤]\n",
  ],
];

/** Each of them by itself, and as the value of a variable that the rest of the text does not fit. */
export function functionAttacks(): readonly Attack[] {
  return signs.flatMap((pump) => [
    { start: "", pump, end: "" },
    { start: "A=", pump, end: "\n\0" },
  ]);
}
