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
import { maskSecrets } from "../../../provider/env/masking/mask";
import { partsOf, secretsWithin } from "../../../provider/env/masking/parts";
import { fileHoldsSecret } from "../../../provider/env/secret-forms";
import { holdsLogin, looksSecret } from "../../../provider/env/secret-looking";
import { secretParts } from "../../../provider/env/secret-parts";
import { looksOutside, sharedUses } from "../../../provider/env/uses";
import { diagnosticOf, readDiagnostic } from "../../../provider/pulumi/notices";
import { theOne } from "../../../sdk/lookups/error";
import type { Attack } from "./attacks";
import { ofFiles } from "./files";
import { ofVariables } from "./variables";

const candidatesPlace = { where: "Dokploy", noun: "project", advice: "" };

/** What was asked before is remembered by some: each time another text. */
let asked = 0;
const fresh = (text: string) => `${asked++} ${text}`;

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
    ...ofVariables,
    ...ofFiles,
    looksSecret: (text) => looksSecret(text, text),
    secretParts,
    fileHoldsSecret,
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
    visible,
    visibleLines,
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
    "&amp;",
    "&#x25;",
    "%25",
    "%2526amp;",
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
  // Forms of secrets, one after the other in one word.
  ...[
    "$2y$",
    "$2y$10$a$",
    "{SHA}a",
    "ghp_aaaaaaaaaaaaaaaaaaaa-",
    "://a:a@",
    "https://a@",
    "&token=a",
    "a:a@a:1=",
    "eyJaaaaaaaa.eyJaaaaaaaa.",
    "/bot12345:aaaaaaaaaaaaaaaaaaaa",
    "authorization:Basic\u00a0a",
    '"pass="a',
    "- -p\n",
    "mysql -pa\n",
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
