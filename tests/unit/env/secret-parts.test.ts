import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { fileHoldsSecret, holdsSecret, secretParts } from "../../../provider/env";

const found = (text: string) => secretParts(text).map(({ start, end }) => text.slice(start, end));
const env = (...lines: string[]) =>
  `services:\n  api:\n    environment:\n${lines.map((line) => `      ${line}\n`).join("")}`;

describe("the secrets in a text", () => {
  for (const [what, text, secrets] of [
    ["a value in YAML", "DB_PASSWORD: hunter2", ["hunter2"]],
    ["a value of several words", "DB_PASSWORD: correct horse # of the cellar", ["correct horse"]],
    ["a value in quotes", `DB_PASSWORD: "correct horse"`, ["correct horse"]],
    ["a value of a list", "- DB_PASSWORD=hunter2", ["hunter2"]],
    ["a name in quotes", `"DB_PASSWORD": correct horse`, ["correct horse"]],
    ["an assignment in quotes", `- "DB_PASSWORD=correct horse"`, ["correct horse"]],
    ["a value in JSON", `{"db": {"password": "hunter2"}}`, ["hunter2"]],
    ["a value in JSON in JSON", `{"body": "{\\"password\\": \\"hunter2\\"}"}`, ["hunter2"]],
    ["a value on one line of YAML", "environment: { DB_PASSWORD: hunter2 }", ["hunter2"]],
    ["a setting", "password = hunter2", ["hunter2"]],
    ["the default of a variable", "DB_PASSWORD: ${DB_PASSWORD:-hunter2}", ["hunter2"]],
    ["a default within a default", "DB_PASSWORD: ${A:-${B:-hunter2}}", ["hunter2"]],
    ["what stands beside a variable", "DB_PASSWORD: ${PEPPER}hunter2", ["hunter2"]],
    ["a comment", "# DB_PASSWORD=hunter2", ["hunter2"]],
    ["a comment with a word", "#   PASSWORD: admin", ["admin"]],
    ["a comment with words of a password", "# client_secret: 'a-very-secret-one'", ["a-very-secret-one"]],
    ["a login in code", `db.createUser({ user: "unifi", pwd: "hunter2", roles: [] })`, ["hunter2"]],
    ["names without separators", "RCONPW=hunter2\naccessAuthCode=swordfish", ["hunter2", "swordfish"]],
    ["a field of code with a space", `connect({ password :'hunter2' })`, ["hunter2"]],
    ["keys of ciphers", "- TENANT_AES_KEY=hunter2\n- CREDS_KEY=swordfish", ["hunter2", "swordfish"]],
    ["the password of an address", "postgres://shop:hunter2@db/shop", ["hunter2"]],
    ["the default in an address", "postgres://shop:${PW:-hunter2}@db/shop", ["hunter2"]],
    ["the token of an address", "https://a1b2c3@git.acme.dev/x", ["a1b2c3"]],
    ["a login in a regular expression", "^https?:\\/\\/admin:hunter2@old\\.acme\\.dev/(.*)", ["hunter2"]],
    ["a token in a regular expression", "^https?://a1b2c3@old\\.acme\\.dev/(.*)", ["a1b2c3"]],
    ["a header", `-H "Authorization: Bearer a1b2c3"`, ["a1b2c3"]],
    ["an option with its value", "serve --password=hunter2 --port=80", ["hunter2"]],
    ["an option before its value", "serve --db-pw hunter2 --port 80", ["hunter2"]],
    ["a short name", "serve --pw=hunter2", ["hunter2"]],
    ["an option of any command", "tool -p hunter2", ["hunter2"]],
    ["an option beside a user", "tool -u admin -p swordfish", ["swordfish"]],
    ["a user with a password", "tool -u admin:swordfish", ["swordfish"]],
    ["an attached option", "mysql -u root -p'correct horse' shop", ["correct horse"]],
    ["an option of a list", "command:\n  - redis-server\n  - --requirepass\n  - hunter2\n", ["hunter2"]],
    ["a command over two lines", "curl \\\n  -u admin:hunter2 acme.dev", ["hunter2"]],
    ["items of JSON", `["CMD", "redis-cli", "-a", "hunter2", "ping"]`, ["hunter2"]],
    [
      "a hash",
      "admin:$$apr1$$tKtxa5JX$$pP8oR1a8mC0u6r5y3v2Yx.",
      ["$$apr1$$tKtxa5JX$$pP8oR1a8mC0u6r5y3v2Yx."],
    ],
    [
      "a key",
      "a\n-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\nb",
      ["-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"],
    ],
  ] as const)
    it(`are found: ${what}`, () => {
      assert.deepEqual(found(text), secrets);
      assert.equal(holdsSecret("", text), true);
    });

  it("have the name that the text gives them", () => {
    const named = secretParts("A_TOKEN=x1\nserve --requirepass x2 redis://u:x3@h");
    assert.deepEqual(
      named.map(({ name }) => name),
      ["A_TOKEN", "requirepass", undefined],
    );
  });

  for (const [what, text] of [
    ["a variable of the same name", env("- PASSWORD=${PASSWORD}")],
    ["an address whose password is a variable", env("DATABASE_URL: postgres://u:${PW}@db/x")],
    ["an address whose login is variables", env("DATABASE_URL: postgres://${U}:${PW}@db:5432/${DB}?a=b")],
    ["a variable that must be set", env("- PASSWORD=${PASSWORD:?set it}", "- TOKEN=${TOKEN?}")],
    ["a variable without a default", env("- SECRET=${SECRET:-}", "- OIDC_CLIENT_SECRET=", "- OIDC_SCOPES=")],
    ["a variable of the container", env('- test=redis-cli -a "$$REDIS_PASSWORD" ping')],
    ["a variable in a header", `curl -H "Authorization: Bearer $$TOKEN" localhost`],
    ["what a command prints", `export DB_PASSWORD="$$(cat $$DB_PASSWORD_FILE)"`],
    ["what documentation says", "# TOKEN: required\n# PASSWORD: see the wiki\n# KEY_SECRET: <your secret>\n"],
    ["a file that is mounted", "- /etc/passwd:/host/etc/passwd:ro\n- app-passwd:/passwd\n"],
    ["files of keys", "openssl req -inkey private.key --tls-key /etc/tls/server.key -key=tls.pem"],
    ["an image", "image: 'onetimesecret/onetimesecret:latest'"],
    ["an address of a service", env("- AUTH_URL=http://evo-auth:3001", "- SMTP_DSN=smtp://127.0.0.1:25")],
    ["an address behind a variable", env("- POSTGRES_AUTH_DB=${URI}/auth?sslmode=disable")],
    ["two variables", "--basic-auth=${USER}:${PASSWORD}"],
    ["a random password that the database makes", env('MARIADB_RANDOM_ROOT_PASSWORD: "1"')],
    ["a variable of code", `fetch(u,{headers:{authorization:process.env.SERVER_PASSWORD||''}})`],
    ["a text with gaps in code", `f"redis://:{os.getenv('REDIS_PASSWORD')}@redis:6379/1"`],
    ["types in code", "async function isValid(jwt: string): Promise<boolean> {"],
    ["a variable of psql", "ALTER USER auth WITH PASSWORD :'pgpass';"],
    ["counts and nothing", "LIMITER_SAVE_PASSWORDS: 10\nREDIS_PASSWORD: null\nPWD: '/app'"],
    ["the end of a text in code", `console.log("export JWT_PRIVATE_KEY="+JSON.stringify(key))`],
    [
      "ports, users and groups",
      "docker run -p 8080:80 -u 1000:1000 x && chown -u node:node . && ssh -p 22 h",
    ],
    ["folders and projects", "mkdir -p /data && docker compose -p shop1 up && tool -u node:node"],
    ["secrets that a service gets by name", "services:\n  api:\n    secrets:\n      - db_password\n"],
  ] as const)
    it(`are not in ${what}`, () => {
      assert.deepEqual(found(text), []);
      assert.equal(
        fileHoldsSecret(/^services/.test(text) ? text : `x: |\n  ${text.replaceAll("\n", "\n  ")}\n`),
        false,
      );
    });

  it("are parts of the text, in order, that do not overlap", () => {
    const pieces = fc.constantFrom(
      ...[
        "DB_PASSWORD",
        "TOKEN=",
        ": ",
        " ",
        "\n",
        "- ",
        '"',
        "'",
        "${A}",
        "${A:-",
        "}",
        "postgres://u:",
        "@h",
        "x1",
        "-p",
        "#",
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (all) => {
        const text = all.join("");
        let before = 0;
        for (const { start, end } of secretParts(text)) {
          assert.ok(before <= start && start < end && end <= text.length, JSON.stringify(text));
          before = end;
        }
      }),
    );
  });
});
