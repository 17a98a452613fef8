import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { stringify } from "yaml";
import type { z } from "zod";
import { hasVariable } from "../../../../packages/compose-checks/checks/interpolation";
import * as types from "../../../../provider/resources/types/text-types";

const database = types.savedName("database");

/** Texts that each type takes as before, and those whose meaning would change where Dokploy puts them. */
const cases: readonly (readonly [string, z.ZodType, readonly string[], readonly string[]])[] = [
  [
    "a name in a command",
    types.commandName,
    ["24", "0.15.4", "latest", "build-stage", "2"],
    ["", "x; id", "-x", "a b", "a/b", "24 --path /", "$(id)"],
  ],
  [
    "a path in the code",
    types.codePath,
    [
      ...["/", ".", "./", "apps/web", "/apps/web/", "./docker-compose.yml", "a//b", "a/.../b", "a/~b"],
      ...["docker/Dockerfile.prod", "größe/x", "@scope/pkg", ".docker", "a=b", "c++/x"],
    ],
    [
      ...["", "..", "../x", "a/..", "/..", "a/../b", "../../..", "-f", "~/x", "#x", "a=~", "a:~/x"],
      ...[
        "$(id)",
        "`id`",
        "a b",
        "a;b",
        "a&b",
        "a|b",
        "a>b",
        "a\nb",
        "a'b",
        'a"b',
        "a*",
        "[ab]",
        "{a,b}",
        "\\",
      ],
    ],
  ],
  [
    "a file in the code",
    types.codeFile,
    ["./docker-compose.yml", "deploy/compose.yaml"],
    ["/etc/dokploy/compose/shop/code/.env", "-", "../a.yml", "$(id).yml", "a.yml /etc/passwd"],
  ],
  [
    "a path inside a folder",
    types.plainInnerPath,
    ["conf/app.toml", ".env", "a/b.c"],
    ["/etc/passwd", "../x", "a/", "a b", "x;id", "-rf", "a*", "."],
  ],
  [
    "a path between quotes",
    types.quotedInnerPath,
    ["app/[slug]/(group)/page.tsx", "my file.txt", "a&b", "docs/🚀.md"],
    ["../x", "a$b", "/x", "a\nb", 'a"b', "`id`", "a\\b", ""],
  ],
  [
    "the address of a repository",
    types.gitAddress,
    [
      ...["https://git.example.com/acme/api.git", "git@example.com:acme/api.git", "http://localhost:3000/a"],
      ...[
        "ssh://git@example.com:22/acme/api.git",
        "ssh://git@[::1]:22/x",
        "https://ana:p%40ss@git.example.com/a",
      ],
      ...["git.example.com:acme/x.git", "https://h/~u/r.git", "https://h/a?b=c"],
    ],
    [
      ...[
        "--upload-pack=id",
        "/etc/dokploy/applications",
        "file:///etc",
        "ext::sh",
        "./x",
        "git@h:",
        "https://",
      ],
      ...["https://h/$(id)", "https://h/a b", "https://h/a;b", "-o@h:x", "git@h:-x"],
    ],
  ],
  [
    "a command line for Docker",
    types.dockerCommand,
    [
      ...["compose -p shop up -d", 'compose -f a.yml --profile "web" up -d', "stack deploy -c x.yml shop"],
      ...["compose pull && docker compose up -d", "compose down && docker-compose up && docker compose ps"],
    ],
    [
      ...[
        "",
        "a;b",
        "a & b",
        "a && rm -rf /",
        "$(id)",
        "a|b",
        "a&&&docker compose x",
        "a\nb",
        "`id`",
        "a > b",
      ],
      "compose up && docker compose up & id",
    ],
  ],
  [
    "a text in a file of Traefik",
    types.traefikText,
    ["^https?://www.example.com/(.*)", "https://example.com/${1}", "a{2,3}", "$1", "\\{\\{x", "[{]{2}", "}}"],
    ["", "{{", "a{{b", '{{"CF_DNS_API_TOKEN"|env}}', "{{{", "a\nb", "a{{2}"],
  ],
  [
    "a path in a web address",
    types.urlPath,
    ["/", "/api/v1", "/größe", "/$metadata", "/a,b", "/a%20b", "/~ana/@x:y"],
    ["", "a", "/a`b", "/a b", "/{{x}}", "/a?b", "/a#b", '/a"b', "/a\\b", "/a`) || Host(`shop.acme.dev"],
  ],
  ["a name in Traefik", types.traefikName, ["le", "my-resolver_2", "a.b"], ["", "a`b", "{{x}}", "$X", "a,b"]],
  ["an entry point", types.entryPoint, ["websecure", "tcp-1"], ["", "a.b", "a`b", "{{x}}", "$X"]],
  [
    "a middleware",
    types.middlewareName,
    ["auth@file", "rate-limit", "ns-x.y@kubernetescrd"],
    ["", "a`b", "a,b", "$X", "{{x}}", "a@b@c"],
  ],
  [
    "a domain with a star",
    types.wildcardHost,
    ["*.preview.acme.dev", "*.sslip.io"],
    ["*", "preview.acme.dev", "*.a`b", "*.{{x}}", "a*.b", "*.$X"],
  ],
  [
    "the name of a repository",
    types.repositoryName,
    ["acme", "shop.api", "my_repo-2"],
    ["", "a b", "a/b", "$(id)", "a;b"],
  ],
  [
    "the path of a repository",
    types.repositoryPath,
    ["group/sub/project"],
    ["", "/a", "a//b", "a b", "$(id)"],
  ],
  [
    "a prefix of images",
    types.imagePrefix,
    ["acme", "acme/shop", "AWS"],
    ["", "acme/", "a b", "$(id)", "-x"],
  ],
  ["a suffix of names", types.nameSuffix, ["", "pr-12", "a_b.c"], ["$X", "a b", "a/b"]],
  ["a saved database", database, ["shop", "iku.db", "größe"], ["", "a b", "--file=x", "$(id)", "a'b", "a;b"]],
  [
    "a password of a backup",
    types.savedPassword,
    ["a b&c;d", "#1!"],
    ["", "a$b", 'a"b', "a'b", "`id`", "a\nb"],
  ],
];

const pieces = fc.constantFrom(
  ...[
    "a",
    "Z",
    "9",
    "é",
    "名",
    "_",
    ".",
    "..",
    "/",
    ":",
    "@",
    "%",
    "+",
    ",",
    "=",
    "~",
    "#",
    "!",
    "-",
    "^",
    "*",
    "?",
  ],
  ...[
    " ",
    "$",
    "${X}",
    "`",
    ";",
    "&",
    "|",
    "<",
    ">",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "\\",
    "\n",
    "\t",
  ],
  ...["https://", "git@h:", "{{", "}}", "X"],
);

/** Texts of a type, made of what may change their meaning and of what may not. */
const textsOf = (type: z.ZodType, start: readonly string[] = [""]) =>
  fc
    .tuple(fc.constantFrom(...start), fc.array(pieces, { maxLength: 6 }))
    .map(([first, rest]) => first + rest.join(""))
    .filter((text) => type.safeParse(text).success);

describe("the type of a text", () => {
  for (const [what, type, taken, refused] of cases)
    it(`for ${what} takes what keeps its meaning, and nothing else`, () => {
      for (const text of taken) assert.ok(type.safeParse(text).success, `refuses ${JSON.stringify(text)}`);
      for (const text of refused) assert.ok(!type.safeParse(text).success, `takes ${JSON.stringify(text)}`);
    });

  const folder = mkdtempSync(join(tmpdir(), "words-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Returns the words that a shell makes of each text: the number and the words, as one line each. */
  function wordsOf(shell: string, words: readonly string[]): string {
    const script = ['say() { printf \'%s %s\\n\' "$#" "$1"; }', ...words.map((word) => `say ${word}`)].join(
      "\n",
    );
    const { stdout, stderr, status } = spawnSync(shell, ["-c", script], { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  for (const [what, type, start, write] of [
    ["a name", types.commandName, [""], (text: string) => text],
    ["a path in the code", types.codePath, [""], (text: string) => text],
    ["a file in the code", types.codeFile, [""], (text: string) => text],
    ["a path inside a folder", types.plainInnerPath, [""], (text: string) => text],
    ["an address", types.gitAddress, ["https://", "a@h:", "ssh://", "A9-"], (text: string) => text],
    ["a name of a database", database, [""], (text: string) => text],
    ["a prefix of images", types.imagePrefix, [""], (text: string) => text],
    ["a path between quotes", types.quotedInnerPath, [""], (text: string) => `"${text}"`],
    ["a password between quotes", types.savedPassword, [""], (text: string) => `"${text}"`],
  ] as const)
    it(`${what} is one word for a shell, as it is`, () => {
      fc.assert(
        fc.property(fc.array(textsOf(type, start), { minLength: 40, maxLength: 40 }), (texts) => {
          const expected = texts.map((text) => `1 ${text}\n`).join("");
          for (const shell of ["sh", "bash"]) assert.equal(wordsOf(shell, texts.map(write)), expected);
        }),
        { numRuns: 8 },
      );
    });

  for (const [what, type] of [
    ["a path in the code", types.codePath],
    ["a file in the code", types.codeFile],
    ["a path inside a folder", types.plainInnerPath],
    ["a path between quotes", types.quotedInnerPath],
  ] as const)
    it(`${what} stays inside`, () => {
      fc.assert(
        fc.property(textsOf(type), (text) => {
          assert.ok(`${join("/etc/code", text)}/`.startsWith("/etc/code/"), text);
        }),
      );
    });

  it("for Traefik's files never becomes a template there", () => {
    for (const type of [
      ...[types.traefikText, types.urlPath, types.traefikName, types.entryPoint],
      ...[types.middlewareName, types.wildcardHost],
    ])
      fc.assert(
        fc.property(textsOf(type, ["", "/", "*.a"]), (text) => {
          const file = {
            http: { rule: `PathPrefix(\`${text}\`)`, users: [`${text}:$2b$10$x`], regex: text },
          };
          assert.ok(!stringify(file).includes("{{"), text);
        }),
      );
  });

  it("for a rule of Traefik never ends it", () => {
    for (const type of [types.urlPath, types.wildcardHost])
      fc.assert(fc.property(textsOf(type, ["/", "*.a"]), (text) => !text.includes("`")));
  });

  it("for a label of a compose file has nothing that Docker Compose replaces", () => {
    const label = types.urlPath.refine((text) => types.labelProblem(text) === false);
    for (const type of [label, types.traefikName, types.entryPoint, types.middlewareName])
      fc.assert(fc.property(textsOf(type, ["", "/"]), (text) => !hasVariable(text) && !text.includes("$")));
  });
});
