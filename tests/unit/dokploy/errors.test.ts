import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { type Endpoint, policyOf } from "../../../provider/dokploy";
import { errorFromAnswer, errorFromFault } from "../../../provider/dokploy/call-errors";
import { DokployError, type ErrorKind, isNotFound, type Outcome } from "../../../provider/dokploy/errors";
import type { Answer, CallContext } from "../../../provider/dokploy/failure";
import { answer, context } from "./failed-call";
import { API_KEY, failure } from "./http-server";
import { isEndpoint } from "./verbs";

interface Case {
  name: string;
  endpoint: Endpoint;
  answer: Answer;
  more?: Partial<CallContext>;
  kind: ErrorKind;
  outcome: Outcome;
  gone?: boolean;
  says: RegExp[];
}

const html = { contentType: "text/html; charset=utf-8" };

const CASES: Case[] = [
  {
    name: "a missing application",
    endpoint: "application.one",
    answer: answer(404, failure("Application not found", "NOT_FOUND", 404, "application.one")),
    kind: "not-found",
    outcome: "refused",
    gone: true,
    says: [
      /application\.one on application "app-1" failed/,
      /Application not found \(HTTP 404\)/,
      /pulumi refresh/,
    ],
  },
  {
    name: "a missing application in the shape without a path",
    endpoint: "application.delete",
    answer: answer(404, { message: "Application not found", code: "NOT_FOUND" }),
    kind: "not-found",
    outcome: "refused",
    gone: true,
    says: [/Application not found/],
  },
  {
    name: "a missing environment that answers 400",
    endpoint: "environment.update",
    answer: answer(
      400,
      failure(
        "Error updating the environment: Environment not found",
        "BAD_REQUEST",
        400,
        "environment.update",
      ),
    ),
    kind: "not-found",
    outcome: "refused",
    gone: true,
    says: [/environment "env-1"/],
  },
  {
    name: "another missing object, which does not make this one gone",
    endpoint: "application.update",
    answer: answer(404, failure("Registry not found", "NOT_FOUND", 404, "application.update")),
    kind: "not-found",
    outcome: "refused",
    gone: false,
    says: [/Registry not found/],
  },
  {
    name: "a create into a missing environment",
    endpoint: "application.create",
    answer: answer(404, failure("Environment not found", "NOT_FOUND", 404, "application.create")),
    more: { input: { name: "web", environmentId: "env-1" } },
    kind: "not-found",
    outcome: "refused",
    gone: false,
    says: [/application "web"/, /Environment not found/],
  },
  {
    name: "a command whose output ends in not found, which makes nothing gone",
    endpoint: "application.reload",
    answer: answer(
      400,
      failure(
        "Command failed: docker x\n/bin/sh: 1: docker: not found",
        "BAD_REQUEST",
        400,
        "application.reload",
      ),
    ),
    kind: "invalid",
    outcome: "refused",
    gone: false,
    says: [/docker: not found/],
  },
  {
    name: "a procedure that the server lacks",
    endpoint: "deployment.readLogs",
    answer: answer(404, failure("Not found", "NOT_FOUND", 404)),
    more: { input: { deploymentId: "dep-1" } },
    kind: "unsupported-version",
    outcome: "refused",
    gone: false,
    says: [/has no deployment\.readLogs/, /0\.29\.5/],
  },
  {
    name: "a procedure that every supported server has",
    endpoint: "application.one",
    answer: answer(404, failure("Not found", "NOT_FOUND", 404)),
    kind: "unsupported-version",
    outcome: "refused",
    gone: false,
    says: [/at least 0\.28\.7/, /dokploy:url/],
  },
  {
    name: "a 404 of some other API",
    endpoint: "application.one",
    answer: answer(404, { message: "Application not found" }),
    kind: "not-dokploy",
    outcome: "refused",
    gone: false,
    says: [/DOKPLOY_URL/],
  },
  {
    name: "a 404 page of a proxy",
    endpoint: "application.one",
    answer: answer(404, "404 page not found", { contentType: "text/plain" }),
    kind: "not-dokploy",
    outcome: "refused",
    gone: false,
    says: [/dokploy\.example\.com responded with a body of type text\/plain/],
  },
  {
    name: "an update that names no application",
    endpoint: "application.update",
    answer: answer(400, failure("Error updating application", "BAD_REQUEST", 400, "application.update")),
    kind: "invalid",
    outcome: "refused",
    gone: false,
    says: [/no application has the id/],
  },
  {
    name: "an update of nothing",
    endpoint: "application.update",
    answer: answer(500, failure("No values to set", "INTERNAL_SERVER_ERROR", 500, "application.update")),
    kind: "invalid",
    outcome: "refused",
    says: [/changes nothing/],
  },
  {
    name: "a failed validation, field by field",
    endpoint: "application.create",
    answer: answer(
      400,
      failure("Input validation failed", "BAD_REQUEST", 400, "application.create", {
        formErrors: [],
        fieldErrors: {
          name: ["Invalid input: expected string, received undefined"],
          appName: ["too long", "odd"],
        },
      }),
    ),
    kind: "invalid",
    outcome: "refused",
    says: [/name: Invalid input: expected string, received undefined; appName: too long, odd/],
  },
  {
    name: "a refused key",
    endpoint: "project.all",
    answer: answer(401, { message: "Unauthorized" }),
    kind: "unauthorized",
    outcome: "refused",
    gone: false,
    says: [/API key was refused/, /--secret dokploy:apiKey/, /rate limit/],
  },
  {
    name: "a key that worked a moment ago",
    endpoint: "project.all",
    answer: answer(401, { message: "Unauthorized" }),
    more: { keyWorked: true },
    kind: "unauthorized",
    outcome: "refused",
    says: [
      /good a moment ago/,
      /rate-limited, used up, expired/,
      /10 checks in 24 hours/,
      /rate limiting off/,
    ],
  },
  {
    name: "a key whose second check failed",
    endpoint: "project.all",
    answer: answer(401, failure("UNAUTHORIZED", "UNAUTHORIZED", 401, "project.all")),
    kind: "unauthorized",
    outcome: "refused",
    says: [/rate-limited/],
  },
  {
    name: "a key sent as bearer",
    endpoint: "project.all",
    answer: answer(401, { message: "Unauthorized" }),
    more: { auth: "bearer" },
    kind: "unauthorized",
    outcome: "refused",
    says: [/dokploy:auth x-api-key/],
  },
  {
    name: "a missing permission that answers 401",
    endpoint: "application.one",
    answer: answer(
      401,
      failure("You don't have access to this service", "UNAUTHORIZED", 401, "application.one"),
    ),
    more: { keyWorked: true },
    kind: "forbidden",
    outcome: "refused",
    gone: false,
    says: [/You don't have access to this service/, /owner or admin/],
  },
  {
    name: "a missing permission whose words hold those of a refused key",
    endpoint: "application.one",
    answer: answer(
      401,
      failure("Unauthorized to access this service", "UNAUTHORIZED", 401, "application.one"),
    ),
    more: { keyWorked: true },
    kind: "forbidden",
    outcome: "refused",
    gone: false,
    says: [/Unauthorized to access this service/, /owner or admin/],
  },
  {
    name: "a missing permission that the endpoint wraps into a 400",
    endpoint: "project.create",
    answer: answer(
      400,
      failure(
        'Error creating the project: unauthorized to access resource "project"',
        "BAD_REQUEST",
        400,
        "project.create",
      ),
    ),
    kind: "forbidden",
    outcome: "refused",
    gone: false,
    says: [/lacks the permission.*unauthorized to access resource "project"/, /owner or admin/],
  },
  {
    name: "a 403",
    endpoint: "environment.one",
    answer: answer(403, failure("No access", "FORBIDDEN", 403, "environment.one")),
    kind: "forbidden",
    outcome: "refused",
    gone: false,
    says: [/No access/],
  },
  {
    name: "a 403 page of a firewall",
    endpoint: "environment.one",
    answer: answer(403, "<html>blocked</html>", html),
    kind: "not-dokploy",
    outcome: "refused",
    says: [/let requests to \/api pass/],
  },
  {
    name: "a body that is too large",
    endpoint: "application.saveEnvironment",
    answer: answer(413, "Body exceeded 1mb limit", { contentType: undefined }),
    kind: "too-large",
    outcome: "refused",
    says: [/1 MB/],
  },
  {
    name: "a conflict",
    endpoint: "application.create",
    answer: answer(409, failure("Application with this 'AppName' already exists", "CONFLICT", 409, "x")),
    kind: "conflict",
    outcome: "refused",
    says: [/already exists/],
  },
  {
    name: "too many requests",
    endpoint: "project.all",
    answer: answer(429, "slow down", { contentType: "text/plain" }),
    more: { tries: 5 },
    kind: "rate-limited",
    outcome: "refused",
    says: [/after 5 tries/],
  },
  {
    name: "a server that is down behind its proxy, for a change",
    endpoint: "application.deploy",
    answer: answer(502, "Bad Gateway", { contentType: "text/plain" }),
    kind: "unreachable",
    outcome: "unknown",
    says: [/may have carried it out anyway/, /restarting/],
  },
  {
    name: "a server that is down behind its proxy, for a read",
    endpoint: "application.one",
    answer: answer(502, "Bad Gateway", { contentType: "text/plain" }),
    kind: "unreachable",
    outcome: "refused",
    gone: false,
    says: [/restarting/],
  },
  {
    name: "a proxy that takes no request",
    endpoint: "application.deploy",
    answer: answer(503, "no available server", { contentType: "text/plain" }),
    kind: "unreachable",
    outcome: "refused",
    says: [/restarting/],
  },
  {
    name: "a refusal after an earlier try that may have worked",
    endpoint: "application.update",
    answer: answer(503, "", {}),
    more: { maybeDone: true, tries: 2 },
    kind: "unreachable",
    outcome: "unknown",
    says: [/after 2 tries/, /may have carried it out/],
  },
  {
    name: "an outgoing proxy that wants a login",
    endpoint: "project.all",
    answer: answer(407, "", {}),
    kind: "not-dokploy",
    outcome: "refused",
    says: [/HTTPS_PROXY/],
  },
  {
    name: "a redirect from http to https",
    endpoint: "project.all",
    answer: answer(301, "", {
      location: "https://dokploy.example.com/base/api/project.all?token=canarySecret",
    }),
    more: { url: "http://dokploy.example.com/base" },
    kind: "redirect",
    outcome: "refused",
    says: [
      /redirects to https:\/\/dokploy\.example\.com /,
      /config set dokploy:url https:\/\/dokploy\.example\.com\/base`/,
    ],
  },
  {
    name: "a redirect to a login elsewhere",
    endpoint: "project.all",
    answer: answer(302, "", { location: "https://login.example.net/authorize?state=canarySecret" }),
    kind: "redirect",
    outcome: "refused",
    says: [/redirects to https:\/\/login\.example\.net /, /let requests to \/api pass/],
  },
  {
    name: "an error of the server",
    endpoint: "application.reload",
    answer: answer(
      500,
      failure("Error reloading application", "INTERNAL_SERVER_ERROR", 500, "application.reload"),
    ),
    kind: "server",
    outcome: "unknown",
    says: [/Error reloading application \(HTTP 500\)/, /server's log/],
  },
  {
    name: "a database error with the values in clear",
    endpoint: "application.update",
    answer: answer(
      500,
      failure(
        'Failed query: update "application" set "env" = $1\nparams: TOKEN=canarySecret,app-1',
        "INTERNAL_SERVER_ERROR",
        500,
        "application.update",
      ),
    ),
    kind: "server",
    outcome: "unknown",
    says: [/database error withheld/, /wrong type/],
  },
  {
    name: "a database error that answers 400",
    endpoint: "environment.create",
    answer: answer(
      400,
      failure(
        "Error creating the environment: Failed query: x\nparams: canarySecret",
        "BAD_REQUEST",
        400,
        "x",
      ),
    ),
    kind: "invalid",
    outcome: "refused",
    gone: false,
    says: [/Error creating the environment: \(details/, /may be wrong/],
  },
];

describe("errorFromAnswer", () => {
  for (const c of CASES) {
    it(`explains ${c.name}`, () => {
      const error = errorFromAnswer(context(c.endpoint, c.more), c.answer);
      assert.equal(error.kind, c.kind, error.message);
      assert.equal(error.outcome, c.outcome);
      assert.equal(error.status, c.answer.status);
      assert.equal(error.endpoint, c.endpoint);
      assert.equal(isNotFound(error), c.gone ?? false);
      for (const said of c.says) {
        assert.match(error.message, said);
      }
      assert.doesNotMatch(error.message, /\n|\.\./);
      assertHides(error, ["canarySecret", API_KEY]);
    });
  }

  it("removes the contents of the request from every message", () => {
    const env = "PLAIN=canaryPlainValue\nQUOTED='canary quoted value'\n";
    const input = { applicationId: "app-1", env, password: "canaryPassword", buildArgs: "A=canaryArg" };
    for (const status of [400, 401, 403, 404, 409, 422, 500]) {
      for (const text of [
        env,
        "canaryPlainValue",
        "canary quoted value",
        "canaryPassword",
        "canaryArg",
        API_KEY,
      ]) {
        const body = failure(`cannot use ${text} here`, "CODE", status, "application.update", {
          formErrors: [text],
          fieldErrors: { env: [`bad value ${text}`] },
        });
        const error = errorFromAnswer(context("application.update", { input }), answer(status, body));
        assertHides(error, ["canary", API_KEY]);
      }
    }
  });

  it("keeps nothing but a few facts on the error", () => {
    const error = errorFromAnswer(context("application.one"), answer(500, failure("x", "C", 500, "p")));
    assert.deepEqual(Object.keys(error).sort(), ["endpoint", "kind", "name", "outcome", "said", "status"]);
    assert.equal(error.cause, undefined);
  });
});

describe("what Dokploy said", () => {
  it("is separate on the error, and as safe for a message as the rest", () => {
    const input = { applicationId: "app-1", env: "A=canaryValue" };
    const said = "Error on deploy postgresError: no canaryValue here";
    const body = failure(said, "INTERNAL_SERVER_ERROR", 500, "application.update");
    const error = errorFromAnswer(context("application.update", { input }), answer(500, body));
    assert.match(error.said ?? "", /^Error on deploy postgresError: no .* here$/);
    assertHides(error, ["canary"]);
    assert.doesNotMatch(error.said ?? "", /canary/);
  });

  it("is missing if a proxy responded, or nothing did", () => {
    assert.equal(errorFromAnswer(context("application.one"), answer(502, "<html>")).said, undefined);
    const fault = { code: "ECONNRESET", sent: true };
    assert.equal(errorFromFault(context("application.one"), fault).said, undefined);
  });
});

describe("errorFromFault", () => {
  for (const [code, sent, kind, says] of [
    ["ECONNREFUSED", false, "unreachable", /refuses connections \(ECONNREFUSED\)/],
    ["ENOTFOUND", false, "unreachable", /cannot be resolved/],
    ["EAI_AGAIN", false, "unreachable", /cannot be resolved/],
    ["ETIMEDOUT", false, "timeout", /did not answer in time/],
    ["ETIMEDOUT", true, "timeout", /did not answer in time/],
    ["ECONNRESET", true, "unreachable", /connection to dokploy\.example\.com broke/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", false, "unreachable", /NODE_EXTRA_CA_CERTS/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", false, "unreachable", /NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", false, "unreachable", /NODE_EXTRA_CA_CERTS/],
    ["EPROTO", false, "unreachable", /http instead of https/],
    ["ANSWER_TOO_LARGE", true, "server", /too large/],
  ] as const) {
    it(`explains ${code} ${sent ? "after" : "before"} the request left`, () => {
      const change = errorFromFault(context("application.create"), { code, sent });
      assert.equal(change.kind, kind);
      assert.equal(change.outcome, sent ? "unknown" : "not-sent");
      assert.match(change.message, says);
      assert.equal(change.status, undefined);
      assert.notEqual(errorFromFault(context("application.one"), { code, sent }).outcome, "unknown");
    });
  }

  it("remembers an earlier try that may have reached the server", () => {
    const error = errorFromFault(context("application.update", { maybeDone: true, tries: 3 }), {
      code: "ECONNREFUSED",
      sent: false,
    });
    assert.equal(error.outcome, "unknown");
  });
});

describe("isNotFound", () => {
  it("is false for anything but a response about a missing object", () => {
    for (const value of [
      undefined,
      null,
      "not found",
      new Error("Application not found"),
      { kind: "not-found" },
    ]) {
      assert.equal(isNotFound(value), false);
    }
  });
});

const reference = process.env["DOKPLOY_REFERENCE"];
const recordings = reference === undefined ? undefined : join(reference, "exchanges.jsonl");

describe("errors of a real server", () => {
  before(function () {
    if (recordings === undefined || !existsSync(recordings)) {
      console.log("      set DOKPLOY_REFERENCE to a folder with exchanges.jsonl to replay recorded errors");
      this.skip();
    }
  });

  it("are all understood, and show neither SQL nor its parameters", () => {
    const lines = readFileSync(recordings ?? "", "utf8")
      .trim()
      .split("\n");
    let replayed = 0;
    for (const line of lines) {
      const e = JSON.parse(line);
      const endpoint = /^\/api\/([\w.]+)/.exec(e.path ?? "")?.[1] as Endpoint | undefined;
      if (endpoint === undefined || !isEndpoint(endpoint) || !(e.status >= 400)) {
        continue;
      }
      replayed++;
      const input = typeof e.request === "object" && e.request !== null ? e.request : {};
      const body = typeof e.response === "string" ? e.response : JSON.stringify(e.response);
      const error = errorFromAnswer(
        context(endpoint, { input }),
        answer(e.status, body, { contentType: e.contentType }),
      );
      const label = `${e.n} ${e.name}: ${error.message}`;
      assert.ok(error instanceof DokployError);
      assert.doesNotMatch(error.message, /Failed query|params:|returning "|no reason given/, label);
      const message = typeof e.response === "object" ? String(e.response?.message) : "";
      const about = policyOf(endpoint).about?.noun ?? "";
      const gone =
        e.status !== 401 &&
        new RegExp(`(^|: )${[...about].join(" ?")} not found$`, "i").test(message) &&
        about !== "";
      assert.equal(isNotFound(error), gone, label);
      if (e.status === 401) {
        assert.ok(error.kind === "unauthorized" || error.kind === "forbidden", label);
      }
    }
    assert.ok(replayed > 100, `only ${replayed} recorded errors of known endpoints`);
  });
});

function assertHides(error: DokployError, secrets: string[]): void {
  const all = [
    error.message,
    String(error.stack),
    JSON.stringify(error),
    inspect(error, { depth: 10, showHidden: true }),
  ];
  for (const text of all) {
    for (const secret of secrets) {
      assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
  }
}
