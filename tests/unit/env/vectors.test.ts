import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkEnv, type EnvDialect, readEnv, resolveEnv, writeEnv } from "../../../provider/env";

/** One environment text, and what a container of a real Dokploy 0.30.2 saw of it. */
interface Vector {
  name: string;
  kind: "application-docker" | "compose-raw" | "compose-stack" | "application-dockerfile-buildarg";
  variant?: "env_file" | "interpolation";
  composeFile?: string;
  text: string;
  project?: string;
  environment?: string;
  deploy: "done" | "error";
  seen?: Record<string, string>;
  /** Keys whose value depends on the machine. */
  volatile?: string[];
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
    name: "stack",
    kind: "compose-stack",
    variant: "interpolation",
    composeFile: "- A=${A}\n- B=${B}",
    text: 'A={{"{{"}}x}}\nB=x{{"\\x0a"}}y',
    deploy: "done",
    seen: { A: "{{x}}", B: "x\ny" },
  },
  { name: "stack-template", kind: "compose-stack", variant: "env_file", text: "A={{x}}", deploy: "error" },
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

function read(name: string): Vector[] {
  const reference = process.env["DOKPLOY_REFERENCE"];
  const file = reference === undefined ? undefined : join(reference, name);
  if (file === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}
const recorded = read("env-vectors.jsonl");
const stacks = read("stack-vectors.jsonl");

const targetOf: Record<Vector["kind"], Exclude<EnvDialect, "shared">> = {
  "application-docker": "application",
  "compose-raw": "compose",
  "compose-stack": "stack",
  "application-dockerfile-buildarg": "build",
};

/** Failures that the texts do not show: only the server knows which vaults it has. */
const unpredictable = new Set(["vault-missing"]);

/** Values that the texts do not tell: control structures of Go templates, and what Swarm knows of its nodes. */
const hasUnknown = new Set(["go-template-if", "go-template-node"]);

describe("environment texts against what real containers saw", () => {
  for (const [source, vectors] of [
    ["a few in this repository", own],
    ["the recorded ones", recorded],
    ["the recorded ones of stacks", stacks],
  ] as const) {
    describe(source, () => {
      before(function () {
        if (vectors.length === 0) {
          console.log(
            "      DOKPLOY_REFERENCE names no folder with these recordings: the recorded texts are not compared",
          );
          this.skip();
        }
      });

      it("predicts which texts make a deployment fail, and reports no other", () => {
        let compared = 0;
        for (const vector of vectors) {
          if (unpredictable.has(vector.name) || isCut(vector)) continue;
          const { problems } = resolve(vector);
          assert.equal(
            problems.length > 0 ? "error" : "done",
            vector.deploy,
            where(vector, problems[0]?.reason),
          );
          compared += 1;
        }
        console.log(`      ${compared} of ${vectors.length} outcomes compared`);
      });

      it("says what the container sees", () => {
        let compared = 0;
        for (const vector of vectors) {
          if (vector.deploy === "error" || isCut(vector)) continue;
          const { env, unknown } = resolve(vector);
          const seen = { ...vector.seen };
          if (vector.kind === "compose-stack") for (const key of addedToFile) delete seen[key];
          const shown = visible(env, vector);
          for (const key of unknown) {
            delete shown[key];
            assert.ok(
              vector.volatile?.includes(key) || hasUnknown.has(vector.name),
              where(vector, `${key} is not known`),
            );
            delete seen[key];
          }
          assert.deepEqual(shown, seen, where(vector));
          compared += 1;
        }
        console.log(`      ${compared} containers compared`);
      });

      it("accepts every map that worked, and finds values that would fail in a map of a program", () => {
        for (const vector of vectors) {
          const target = targetOf[vector.kind];
          const env = readEnv(vector.text, target);
          const problems = checkEnv(env, target);
          if (vector.deploy === "done") {
            assert.deepEqual(problems, [], where(vector));
          } else if (problems.length === 0) {
            // Either the cause is on the server, or it is a template that the written text escapes.
            const asWritten = { ...vector, text: writeEnv(env, target) };
            const escaped = asWritten.text !== vector.text && resolve(asWritten).problems.length === 0;
            assert.ok(escaped || /\{\{(project|environment|vault)\./.test(vector.text), where(vector));
          }
        }
      });

      it("writes each map so that the container sees the same", () => {
        for (const vector of vectors) {
          const target = targetOf[vector.kind];
          const env = readEnv(vector.text, target);
          if (vector.deploy === "error" || checkEnv(env, target).length > 0) continue;
          const text = writeEnv(env, target);
          assert.deepEqual(readEnv(text, target), env, where(vector));
          // A template that was written by hand is text for a program.
          if (isTemplate(vector)) continue;
          assert.deepEqual(resolve({ ...vector, text }), resolve(vector), where(vector));
        }
      });
    });
  }
});

function resolve({ text, kind, project = "", environment = "" }: Vector): ReturnType<typeof resolveEnv> {
  return resolveEnv(text, targetOf[kind], { project, environment });
}

/** What of the variables the recording shows. */
function visible(
  env: Record<string, string>,
  { kind, composeFile, variant }: Vector,
): Record<string, string> {
  if (variant === "interpolation") {
    // The compose file names the variables that it takes; one that is not set is empty.
    const taken = Array.from((composeFile ?? "").matchAll(/- (\w+)=\$\{\1\}/g), ([, key = ""]) => key);
    return Object.fromEntries(taken.map((key) => [key, env[key] ?? ""]));
  }
  if (kind === "application-dockerfile-buildarg") {
    // The Dockerfile prints its arguments with a shell, which has no variable of another name.
    return Object.fromEntries(Object.entries(env).filter(([key]) => /^[A-Za-z_]\w*$/.test(key)));
  }
  return env;
}

/** Names that Dokploy adds to the `.env` of a stack, and not to what its services are interpolated with. */
const addedToFile = ["APP_NAME", "COMPOSE_PROJECT_NAME"];

/** Whether a value of several lines was written by hand, of which `env_file` of a stack takes one. */
function isCut({ kind, variant, text }: Vector): boolean {
  if (kind !== "compose-stack" || variant !== "env_file") return false;
  return Object.values(readEnv(text, "shared")).some((value) => /[\r\n]/.test(value));
}

function isTemplate({ kind, text }: Vector): boolean {
  if (kind !== "application-docker" && kind !== "compose-stack") return false;
  return /(?<!\$)\{\{(?!")/.test(text);
}

function where({ name, kind, variant }: Vector, more = ""): string {
  return `${name} ${kind} ${variant ?? ""}: ${more}`;
}
