import { compareSides } from "../../../cli/env/diff/compare";
import type { Side, Value } from "../../../cli/env/diff/model";
import { parseOperand } from "../../../cli/env/diff/operand";
import { renderTable } from "../../../cli/env/diff/render";
import { removeValue, setValue } from "../../../cli/files/yaml-edit";
import { readFingerprint } from "../../../cli/plan/approval/block";
import { planKey } from "../../../cli/plan/approval/key";
import { cut } from "../../../cli/plan/cut";
import { code, prose } from "../../../cli/plan/markdown";
import { messages } from "../../../cli/plan/messages";
import { planOf } from "../../../cli/plan/model";
import { readPreview } from "../../../cli/plan/preview";
import { render } from "../../../cli/plan/render";
import { Effort, textDiff } from "../../../cli/plan/text-diff";
import { parsePath } from "../../../cli/plan/values";
import { checkComposeFile } from "../../../packages/compose-checks/checks/check";
import { mountedFiles } from "../../../packages/compose-checks/checks/kept-files";
import { usesOf } from "../../../packages/compose-checks/checks/uses";
import { misfit } from "../../../sdk/env-files/contract-file";
import { matchesPattern, patternProblem } from "../../../sdk/env-files/contract-pattern";
import { variableTypes } from "../../../sdk/env-files/contract-types";
import { readDotenv } from "../../../sdk/env-files/dotenv-file";
import { keyFilter } from "../../../sdk/env-files/select";
import { readYaml } from "../../../sdk/env-files/yaml-file";
import { fileError } from "../../../sdk/files/source";
import { readApp } from "../../../sdk/repository/app-file";
import { variablesOf } from "./variables";

const compose = (text: string, composeType: "docker-compose" | "stack" = "docker-compose") =>
  checkComposeFile({ text, composeType, variables: { A: "1" } });

const indented = (text: string) => text.replaceAll("\n", "\n      ");

const anyKey = planKey({ DOKPLOY_PLAN_KEY: "a key for the tests" });

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

/** What reads files and plans, by name. */
export const ofFiles: Readonly<Record<string, (text: string) => unknown>> = {
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
      ({ value }) => JSON.stringify(value),
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
};
