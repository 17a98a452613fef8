import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { looksSecret } from "../../../provider/env";

describe("a value that looks like a secret", () => {
  const secretKeys =
    "PASSWORD DB_PASSWORD db.password dbPassword POSTGRES_PASSWD DB_PASS SMTP_PWD PGPASSWORD_1 API_KEY apiKey APIKEY " +
    "STRIPE_API_KEY_2 AWS_SECRET_ACCESS_KEY PRIVATE_KEY JWT_SECRET SECRET TOKEN GITHUB_TOKEN CREDENTIALS SENTRY_DSN " +
    "ENCRYPTION_KEY APP_KEY SECRET_KEY_1 CONNECTION_STRING PASSWORD_HASH SSH_PASSPHRASE client-secret " +
    "SECRET_KEY_BASE STRIPE_KEY OPENAI_KEY FERNET_KEY AUTH_SALT API_SECRET_V2 DATABASE_PASSWORD_PROD PASSWORD_DB PGPASS " +
    "ROOTPW STRIPE_KEY_TEST TOKEN_OLD_2 dbPasswordDev " +
    "PASS PASS_TEST pass BASIC_AUTH basicAuth BASICAUTH REDISCLI_AUTH NEO4J_AUTH HTTP_AUTH_PROD DOCKER_AUTH_CONFIG " +
    "GITHUB_PAT PAT SALT HASH_SALT APP_SALT_2 COOKIE ERLANG_COOKIE RABBITMQ_ERLANG_COOKIE WIFI_PSK PEPPER";
  for (const key of secretKeys.split(" ")) {
    it(`is the value of ${key}`, () => assert.equal(looksSecret(key, "hunter2"), true));
  }

  const plainKeys =
    "TOKEN_TTL PASSWORD_MIN_LENGTH PUBLIC_KEY JWT_PUBLIC_KEY NEXT_PUBLIC_API_KEY STRIPE_PUBLISHABLE_KEY SECRET_NAME " +
    "PASSWORD_FILE API_KEY_ID AWS_ACCESS_KEY_ID KEY CACHE_KEY SORT_KEYS PWD BYPASS TOKENIZER COMPASS LOG_LEVEL " +
    "DATABASE_URL CONNECTION HASH MONKEY keyboard DSN_HOST " +
    "CACHE_KEY_PREFIX SORT_KEY PRIMARY_KEY PRIMARY_KEY_DB KEY_BASE SECRET_NAME_PROD PGPASSFILE DB TEST_DB V2 ROOT " +
    "STRIPE_PUBLIC_KEY PARTITION_KEY TOKEN_TTL_PROD MAIL_ADMIN " +
    "PATH PATTERN PATCH PATIENT COMPASS BYPASS_CACHE PASS_THROUGH PASSIVE PASSENGER SALT_ROUNDS SALTED BASALT COOKIE_NAME " +
    "COOKIE_DOMAIN COOKIE_MAX_AGE AUTH AUTHOR AUTH_URL AUTH_TYPE BASIC_AUTH_USER OAUTH UNAUTH ENABLE_AUTH REQUIRE_AUTH " +
    "DOCKER_CONFIG AUTH_CONFIG_PATH APP_CONFIG ISPAT NEXT_PUBLIC_BASIC_AUTH";
  for (const key of plainKeys.split(" ")) {
    it(`is not the value of ${key}`, () => assert.equal(looksSecret(key, "hunter2"), false));
  }

  const secretValues: [what: string, value: string][] = [
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"],
    ["a private key on one line", "-----BEGIN PRIVATE KEY-----\\nMIIE"],
    ["a PGP key", "-----BEGIN PGP PRIVATE KEY BLOCK-----"],
    ["an address with a password", "postgres://shop:hunter2@db:5432/shop"],
    ["an address with a password that has signs", "amqp://u:a/b?c#d@mq"],
    ["an address with a password alone", "redis://:hunter2@cache:6379"],
    ["a password beside a reference", "postgres://shop:hunter2@${{project.DB_HOST}}/shop"],
    ["a password in a query", "jdbc:mysql://db/shop?user=a&password=hunter2"],
    ["a password in an ADO string", "Server=db;User Id=a;Password=hunter2;"],
    ["a web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    ["a GitHub token", `ghp_${"a1".repeat(18)}`],
    ["a GitHub token in a command", `git clone https://ghs_${"a1".repeat(18)}@github.com/a/b`],
    ["a GitLab token", "glpat-abcdefghij0123456789"],
    ["a Slack token", "xoxb-123456789-abcdefghi"],
    ["a Stripe key", "sk_live_abcdefghijklmn"],
    ["an npm token", `npm_${"a1".repeat(18)}`],
    ["a login header", "Bearer abc"],
    ["a header with a login", "Authorization: Basic YTpi"],
    ["headers as JSON", '{"a":"b","Authorization":"Bearer abc"}'],
    ["a Slack hook", "https://hooks.slack.com/services/T0/B0/abc"],
  ];
  for (const [what, value] of secretValues) {
    it(`is ${what}`, () => assert.equal(looksSecret("VALUE", value), true));
  }

  const plainValues: [what: string, value: string][] = [
    ["a public key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"],
    ["a certificate", "-----BEGIN CERTIFICATE-----"],
    ["an address", "https://shop.example:8443/a?b=c#d"],
    ["an address with a user", "ssh://git@github.com/acme/shop.git"],
    ["an address with an @ behind a port", "http://registry:4873/@acme/shop"],
    ["an address whose password is a reference", "postgres://shop:${{project.DB_PASSWORD}}@db/shop"],
    ["a path and an image", "ghcr.io/acme/shop:v1"],
    ["the name of a header", "Authorization: none, or Basic"],
    ["JSON", '{"a":"b"}'],
    ["a version and a hash", "sha256:0123456789abcdef0123456789abcdef"],
  ];
  for (const [what, value] of plainValues) {
    it(`is not ${what}`, () => assert.equal(looksSecret("VALUE", value), false));
  }

  it("is neither empty, nor only references, nor a switch, under any name", () => {
    for (const value of [
      "",
      "  ",
      "${{project.DB_PASSWORD}}",
      "${{vault.main.db/password}}",
      "true",
      "off",
      "No",
    ]) {
      assert.equal(looksSecret("DB_PASSWORD", value), false, JSON.stringify(value));
    }
    assert.equal(looksSecret("MAX_TOKENS", "4096"), false);
    assert.equal(looksSecret("API_TOKENS", "a,b"), true);
    for (const way of ["none", "plain", "login", "cram-md5", "SCRAM-SHA-256", "oauth2", "required", "0"]) {
      assert.equal(looksSecret("SMTP_AUTH", way), false, way);
    }
    assert.equal(looksSecret("REDISCLI_AUTH", "plain-1"), true);
    assert.equal(looksSecret("PASS", "none"), true);
    assert.equal(looksSecret("DB_PASSWORD", "1234"), true);
    assert.equal(looksSecret("DB_PASSWORD", "x${{project.PEPPER}}"), true);
  });

  it("stays so with any other words before a key's last word, and any text around a value", () => {
    const word = fc.string({ unit: fc.constantFrom(..."ABXYZ09"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom("PASSWORD", "API_KEY", "TOKEN"), (words, last) => {
        assert.equal(looksSecret([...words, last].join("_"), "x"), true);
      }),
    );
    const text = fc.string({ unit: fc.constantFrom(..."ab =\n/:@{}$"), maxLength: 30 });
    fc.assert(
      fc.property(text, text, (before, behind) => {
        assert.equal(looksSecret("X", `${before} postgres://u:pw@db ${behind}`), true);
      }),
    );
  });
});
