import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runInit } from "../../../../../cli/server";

/** A template with every helper of Dokploy that makes a value, in each place that a template has. */
export const everyHelper = {
  config: `
[metadata]
id = "all"

[variables]
main_domain = "\${domain}"
api_domain = "\${domain}"
db_password = "\${password:32}"
key = "\${base64:64}"
hex = "\${hash:64}"
prefix = "x_\${hash:4}"
id = "\${uuid}"
admin = "\${username}"
mail = "\${email}"
signing_key = "\${password:40}"
payload = """{ "role": "anon", "exp": \${timestamps:2031-01-01T00:00:00Z} }"""
pin = "\${password:6}"
port = "\${randomPort}"

[config]
env = [
  "BASE_URL=http://\${main_domain}",
  "API=\${api_domain}",
  "DATABASE_URL=postgres://app:\${db_password}@db/app",
  "DB_PASSWORD=\${db_password}",
  "KEY=\${key}",
  "hex=\${hex}",
  "TABLES=\${prefix}",
  "ID=\${id}",
  "ADMIN=\${admin}",
  "MAIL=\${mail}",
  "ANON_KEY=\${jwt:signing_key:payload}",
  "TOKEN=\${jwt}",
  "SESSION=\${jwt:32}",
  "PIN=\${pin}",
  "DIRECT=\${password:20}",
  "PORT=\${port}",
  "NAME=\${APP_NAME}",
  "OPEN=\${NOBODY}",
  "QUOTED='a # b'",
  "# a comment",
]

[[config.domains]]
serviceName = "web"
port = 8_000
host = "\${main_domain}"

[[config.domains]]
serviceName = "api"
port = 3000
host = "\${api_domain}"
path = "/v1"
stripPath = true

[[config.mounts]]
filePath = "/conf/app.toml"
content = """
password = "\${db_password}"
kept = "\${NOBODY}"
"""

[[config.mounts]]
filePath = "conf/hosts"
content = "\${main_domain} \${key}"
`,
  compose: `services:
  web:
    image: acme/web:1.4.2
    env_file: [.env]
    volumes: [../files/conf/app.toml:/app.toml:ro]
  api:
    image: acme/api:1.4.2
    env_file: [.env]
`,
};

export const plainCompose = "services:\n  web:\n    image: acme/web:1\n";

/** Returns a mount of a template. */
export function mountOf(path: string, content = "x"): string {
  return `[[config.mounts]]\nfilePath = ${JSON.stringify(path)}\ncontent = ${JSON.stringify(content)}\n`;
}

/** Returns a domain of the service web in a template, with more fields. */
export function domainOf(fields: string): string {
  return `[[config.domains]]\nserviceName = "web"\nport = 80\n${fields}\n`;
}

/** Returns a template with these variables, and these lines of `[config.env]`. */
export function withEnv(variables: readonly string[], env: readonly string[]): string {
  return `[variables]\n${variables.join("\n")}\n[config.env]\n${env.join("\n")}\n`;
}

/** A folder with a checkout of templates, in which `init` writes projects. */
export class TemplateFolder {
  readonly path = mkdtempSync(join(tmpdir(), "init-templates-"));
  private projects = 0;

  constructor(templates: Readonly<Record<string, { readonly config: string; readonly compose: string }>>) {
    for (const [id, { config, compose }] of Object.entries(templates))
      this.write({
        [`templates/blueprints/${id}/template.toml`]: config,
        [`templates/blueprints/${id}/docker-compose.yml`]: compose,
      });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(this.path, path, ".."), { recursive: true });
      writeFileSync(join(this.path, path), text);
    }
  }

  /** Makes a repository with the stages test and prod, to which templates can be added. */
  project(name: string): void {
    this.write({
      [`${name}/Pulumi.yaml`]: "name: shop\nruntime: nodejs\n",
      [`${name}/Pulumi.prod.yaml`]: "config: {}\n",
      [`${name}/Pulumi.test.yaml`]: "config: {}\n",
      [`${name}/Pulumi.preview.yaml`]: "config: {}\n",
      [`${name}/services/api/dokploy-app.yaml`]: "kind: application\nimage: acme/api:1\n",
    });
  }

  /** Adds a template to a new project as the service web, and returns what that has then. */
  async written(config: string, compose = plainCompose) {
    this.projects += 1;
    const project = `project${this.projects}`;
    this.project(project);
    this.write({
      "templates/blueprints/odd/template.toml": config,
      "templates/blueprints/odd/docker-compose.yml": compose,
    });
    const printed = await this.init(project, ["--template", "web=odd", "--domain", "acme.dev"]);
    const read = (path: string) => {
      const whole = join(this.path, project, path);
      return existsSync(whole) ? readFileSync(whole, "utf8") : "";
    };
    const withoutComment = (text: string) => text.replace(/^#.*\n/, "");
    return {
      read,
      base: withoutComment(read("envs/base/web.yaml")),
      test: read("envs/test/web.yaml"),
      prod: read("envs/prod/web.yaml"),
      app: withoutComment(read("services/web/dokploy-app.yaml")),
      notes: [...printed.matchAll(/^ {2}web: (.*)$/gm)].map(([, note = ""]) => note),
    };
  }

  /** Runs `init`, with a program in the place of npm that reaches no registry; returns what it prints. */
  async init(name: string, options: readonly string[], from = join(this.path, "templates")): Promise<string> {
    this.write({
      "bin/npm": '#!/bin/sh\n[ "$1" = pack ] || { echo "npm error no registry" >&2; exit 1; }\n',
    });
    chmodSync(join(this.path, "bin/npm"), 0o755);
    const { PATH: programs = "" } = process.env;
    process.env["PATH"] = `${join(this.path, "bin")}${delimiter}${programs}`;
    try {
      return await runTemplates([join(this.path, name), "--templates", from, ...options]);
    } finally {
      process.env["PATH"] = programs;
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs `init` without a terminal; returns what it prints. */
export async function runTemplates(args: readonly string[]): Promise<string> {
  let printed = "";
  await runInit(args, {
    env: {},
    pulumi: () => {
      throw new Error("no stack is read");
    },
    print: (text) => {
      printed += `${text}\n`;
    },
    progress: () => undefined,
    question: undefined,
  });
  return printed;
}
