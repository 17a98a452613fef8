import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkEnv, type EnvTarget, predictFailure, readEnv, writeEnv } from "../../../provider/env/codec";
import { resolveReferences } from "../../../provider/env/references";
import { unescapeTemplates } from "../../../provider/env/swarm";

/** One environment text, and what a container of a real Dokploy 0.30.2 saw of it. */
interface Vector {
  name: string;
  kind: "application-docker" | "compose-raw" | "application-dockerfile-buildarg";
  variant?: "env_file" | "interpolation";
  composeFile?: string;
  text: string;
  project?: string | null;
  environment?: string | null;
  deploy: "done" | "error";
  seen?: Record<string, string>;
  volatile?: unknown;
}

/** A few of them, so that the model is held to something everywhere. */
const own: Vector[] = [
  {
    name: "quoted",
    kind: "application-docker",
    text: "A='a#b'\nB=\"x\\ny\"",
    deploy: "done",
    seen: { A: "a#b", B: "x\ny" },
  },
  {
    name: "refs",
    kind: "application-docker",
    text: "A=${{project.P}}-${{X}}\nX=1",
    project: "P=pv",
    deploy: "done",
    seen: { A: "pv-1", X: "1" },
  },
  { name: "escape", kind: "application-docker", text: 'A={{"{{"}}x}}', deploy: "done", seen: { A: "{{x}}" } },
  { name: "template", kind: "application-docker", text: "A={{x}}", deploy: "error" },
  { name: "missing", kind: "compose-raw", variant: "env_file", text: "A=${{NOPE}}", deploy: "error" },
  { name: "blanks", kind: "application-dockerfile-buildarg", text: "A=${{ X }}\nX=1", deploy: "error" },
  {
    name: "chain",
    kind: "compose-raw",
    variant: "env_file",
    text: "A=${{B}}\nB=${{project.P}}",
    project: "P=1",
    deploy: "done",
    seen: { A: "${{project.P}}", B: "1" },
  },
];

const reference = process.env["DOKPLOY_REFERENCE"];
const file = reference === undefined ? undefined : join(reference, "env-vectors.jsonl");
const recorded: Vector[] =
  file !== undefined && existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line))
    : [];

const targetOf: Record<Vector["kind"], Exclude<EnvTarget, "shared">> = {
  "application-docker": "application",
  "compose-raw": "compose",
  "application-dockerfile-buildarg": "build",
};

/** What cannot be foretold from the texts, each with its reason. */
const unpredictable = new Map([["vault-missing", "only the server knows its vaults"]]);

describe("environment texts against what real containers saw", () => {
  for (const [source, vectors] of [
    ["a few in this repository", own],
    ["the recorded ones", recorded],
  ] as const) {
    describe(source, () => {
      before(function () {
        if (vectors.length === 0) {
          console.log(
            "      DOKPLOY_REFERENCE names no folder with env-vectors.jsonl: the recorded texts are not compared",
          );
          this.skip();
        }
      });

      it("foretells which texts make a deployment fail, and cries wolf over none", () => {
        let compared = 0;
        for (const { name, kind, variant, text, project = null, environment = null, deploy } of vectors) {
          if (unpredictable.has(name)) continue;
          const problems = predictFailure(text, targetOf[kind], { project, environment });
          assert.equal(
            problems.length > 0 ? "error" : "done",
            deploy,
            `${name} ${kind} ${variant ?? ""}: ${problems[0]?.reason}`,
          );
          compared += 1;
        }
        console.log(`      ${compared} of ${vectors.length} texts compared`);
      });

      it("finds a variable that would fail in a map of a program, and takes every map that worked", () => {
        for (const vector of vectors) {
          const { name, kind, variant, text, deploy } = vector;
          const target = targetOf[kind];
          const env = readEnv(text, target);
          const problems = checkEnv(env, target);
          const where = `${name} ${kind} ${variant ?? ""}`;
          if (deploy === "done") assert.deepEqual(problems, [], where);
          if (deploy === "done" || needsServer(vector)) continue;
          // What Swarm fails on when it is written by hand is escaped in what a program writes.
          const escaped = problems.length === 0 && writeEnv(env, target).includes('{{"');
          if (!escaped) assert.notEqual(problems.length, 0, where);
        }
      });

      it("says what the container sees", () => {
        let compared = 0;
        for (const vector of vectors) {
          const { name, kind, variant, text, project, environment, deploy, seen } = vector;
          if (
            deploy !== "done" ||
            !seen ||
            vector.volatile ||
            variant === "interpolation" ||
            isTemplated(name)
          )
            continue;
          const target = targetOf[kind];
          const resolved = resolveReferences(readEnv(text, "compose"), {
            project: readEnv(project, "shared"),
            environment: readEnv(environment, "shared"),
          });
          assert.ok("values" in resolved, name);
          for (const [key, value] of Object.entries(resolved.values)) {
            if (isOthers(key, kind)) continue;
            const expected = target === "application" ? unescapeTemplates(value) : value;
            assert.equal(expected, seen[key], `${name} ${kind} ${variant ?? ""}: ${key}`);
          }
          compared += 1;
        }
        console.log(`      ${compared} containers compared`);
      });
    });
  }
});

/** What fails because of shared variables or vaults, which a map of a program says nothing of. */
function needsServer({ text, project, environment }: Vector): boolean {
  return /\$\{\{(project|environment|vault)\./.test(text) || Boolean(project) || Boolean(environment);
}

/** Templates that Swarm expands to what only the server knows. */
function isTemplated(name: string): boolean {
  return /^(mustache-dot|mustache-comment|go-template)/.test(name);
}

/**
 * Variables that Dokploy, Docker or the image set, whatever the text says; and build arguments whose names the shell of
 * a build does not take.
 */
function isOthers(key: string, kind: Vector["kind"]): boolean {
  if (kind === "application-dockerfile-buildarg") return !/^[A-Za-z_]\w*$/.test(key);
  return kind === "compose-raw" && ["PATH", "HOME", "COMPOSE_PROJECT_NAME", "APP_NAME"].includes(key);
}
