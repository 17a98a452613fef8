import * as assert from "node:assert/strict";
import { callDatabase, DokployError, type ErrorKind, isNotFound } from "../../../provider/dokploy";
import {
  errorForColumn,
  errorForInput,
  errorForVersion,
  errorFromAnswer,
  errorFromFault,
  errorFromOddAnswer,
  notSentBecause,
} from "../../../provider/dokploy/call-errors";
import type { Answer, CallContext } from "../../../provider/dokploy/failure";
import { secretsOf } from "../../../provider/dokploy/redact";
import { faultCode, nonFiniteField } from "../../../provider/dokploy/transport";
import { compareVersions, parseVersion } from "../../../provider/dokploy/version";
import { answer, context } from "./failed-call";

describe("the message of a call that failed", () => {
  const said = (status: number, body: unknown, more: Partial<Answer> = {}, of: Partial<CallContext> = {}) =>
    errorFromAnswer(context("application.one", of), answer(status, body, more)).message;
  const saying =
    (...call: Parameters<typeof said>) =>
    () =>
      said(...call);

  for (const [message, expected] of [
    [
      saying(302, "", { location: "http://dokploy.example.com/login" }),
      "dokploy.example.com redirects to http://dokploy.example.com (HTTP 302). Set that address: `pulumi config set dokploy:url http://dokploy.example.com` or DOKPLOY_URL.",
    ],
    [
      saying(301, "", { location: "https://other.example.com" }),
      "dokploy.example.com redirects to https://other.example.com (HTTP 301). Dokploy may be behind a login, or " +
        "have another address: let requests to /api pass, or set the final address with `pulumi config set " +
        "dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(301, "", { location: "http://[" }),
      "dokploy.example.com redirects to an address that it does not name (HTTP 301). Dokploy may be behind a " +
        "login, or have another address: let requests to /api pass, or set the final address with `pulumi config " +
        "set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(301, ""),
      "dokploy.example.com redirects to an address that it does not name (HTTP 301). Dokploy may be behind a " +
        "login, or have another address: let requests to /api pass, or set the final address with `pulumi config " +
        "set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(407, ""),
      "the proxy on the way asks for a login (HTTP 407). Put user and password into HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.",
    ],
    [
      saying(413, ""),
      "the request is too large (Dokploy accepts 1 MB in one call) (HTTP 413). Make the environment text or the compose file smaller, for example by moving files into mounts.",
    ],
    [
      saying(429, ""),
      "dokploy.example.com receives too many requests (HTTP 429). Run again later, or raise the limit of the proxy in front of Dokploy.",
    ],
    [
      saying(503, ""),
      "Dokploy behind dokploy.example.com does not answer (HTTP 503). It may be down, updating or restarting: look at the server, then run again.",
    ],
    [
      saying(
        503,
        JSON.stringify({
          message: "Couldn't reach the server at 10.0.0.9:22 (EHOSTUNREACH). Check that it is online.",
          code: "SERVICE_UNAVAILABLE",
        }),
      ),
      "Couldn't reach the server at 10.0.0.9:22 (EHOSTUNREACH). Check that it is online (HTTP 503). The server's log has the details.",
    ],
    [
      saying(502, ""),
      "Dokploy behind dokploy.example.com does not answer (HTTP 502). It may be down, updating or restarting: look at the server, then run again.",
    ],
    [
      saying(500, "<html>", { contentType: "text/html" }),
      "dokploy.example.com responded with a body of type text/html, which is not a response of Dokploy's API (HTTP " +
        "500). Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(403, "<html>", { contentType: "text/html; charset=x" }),
      "dokploy.example.com responded with a body of type text/html, which is not a response of Dokploy's API (HTTP " +
        "403). A proxy or login in front of Dokploy refused the call: let requests to /api pass. Check the " +
        "address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(401, " ", { contentType: "text/html; charset=x" }),
      "dokploy.example.com responded with an empty body, which is not a response of Dokploy's API (HTTP 401). A " +
        "proxy or login in front of Dokploy refused the call: let requests to /api pass. Check the address: " +
        "`pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(401, { message: "no access to it", code: "UNAUTHORIZED" }),
      "the API key lacks the permission, or cannot see this object: no access to it (HTTP 401). Use a key of an owner or admin of the organization, or give its user the permission.",
    ],
    [
      saying(400, { message: "Error: Unauthorized to access it", code: "BAD_REQUEST" }),
      "the API key lacks the permission: Error: Unauthorized to access it (HTTP 400). Use a key of an owner or admin of the organization, or give its user the permission.",
    ],
    [
      saying(401, { message: "Unauthorized" }),
      "the API key was refused: wrong, expired, deleted or its rate limit used up (HTTP 401). Create a key with rate limiting off in Dokploy under Settings > Profile > API/CLI Keys, and set it with `pulumi config set --secret dokploy:apiKey` or DOKPLOY_API_KEY. Keys made through the API allow 10 checks in 24 hours unless their rate limit is switched off, and each call counts as two. After a change of the settings, `pulumi refresh` and `pulumi destroy` use the previous ones until `pulumi up` has run, unless you add --run-program.",
    ],
    [
      saying(401, { message: "Unauthorized" }, {}, { keyWorked: true }),
      "the API key was good a moment ago and is refused now: rate-limited, used up, expired or deleted, or Dokploy cannot reach its own database (HTTP 401). Keys made through the API allow 10 checks in 24 hours unless their rate limit is switched off, and each call counts as two. Create a key with rate limiting off in Dokploy under Settings > Profile > API/CLI Keys, and set it with `pulumi config set --secret dokploy:apiKey` or DOKPLOY_API_KEY. After a change of the settings, `pulumi refresh` and `pulumi destroy` use the previous ones until `pulumi up` has run, unless you add --run-program.",
    ],
    [
      saying(401, { message: "Unauthorized" }, {}, { auth: "bearer" }),
      "the API key was refused (HTTP 401). dokploy:auth is bearer, and Dokploy itself reads only x-api-key: `pulumi config set dokploy:auth x-api-key` or DOKPLOY_AUTH.",
    ],
    [
      saying(403, { message: "Forbidden." }),
      "the API key is not allowed to do this: Forbidden (HTTP 403). Use a key of an owner or admin of the organization, or give its user the permission.",
    ],
    [
      saying(404, { message: "Not found", code: "NOT_FOUND" }),
      "this Dokploy has no application.one (HTTP 404). Update Dokploy (at least 0.28.7), or check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(404, { message: "Not_found", code: "NOT_FOUND" }, {}, { endpoint: "deployment.readLogs" }),
      "this Dokploy has no deployment.readLogs (HTTP 404). It was added in Dokploy 0.29.5: update the server.",
    ],
    [
      saying(404, { message: "Not found", code: "NOT_FOUND", data: { path: "x" } }),
      "Not found (HTTP 404). It was deleted, or its id is wrong: compare with Dokploy, or run `pulumi refresh`.",
    ],
    [
      saying(404, { message: "Not found" }),
      "dokploy.example.com has no such address (HTTP 404). Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(404, { message: "lost" }),
      "dokploy.example.com has no such address (HTTP 404). Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(400, { message: "Error updating the thing: Registry not found" }),
      "Error updating the thing: Registry not found (HTTP 400). It was deleted, or its id is wrong: compare with Dokploy, or run `pulumi refresh`.",
    ],
    [
      saying(400, { message: "Error updating application" }),
      "Error updating application (HTTP 400). Dokploy says this when no application has the id: it may have been deleted; run `pulumi refresh`.",
    ],
    [
      saying(400, {
        message: "no",
        data: { zodError: { fieldErrors: { name: ["a", "b"], x: 1 }, formErrors: ["c"] } },
      }),
      "Dokploy refused the values: name: a, b; x: not valid; c (HTTP 400). Correct the named inputs.",
    ],
    [
      saying(400, { message: "Error: No values to set" }),
      "the call changes nothing, which Dokploy refuses (HTTP 400). Give at least one value to change.",
    ],
    [
      saying(409, { message: "taken" }),
      "taken (HTTP 409). Choose another name or port, or remove the object that has it.",
    ],
    [
      saying(422, { message: "bad" }),
      "bad (HTTP 422). Correct the inputs, or compare with what Dokploy shows.",
    ],
    [
      saying(422, { message: "Failed query: select" }),
      "(details of the database error withheld) (HTTP 422). An id in the inputs may be wrong (project, registry, " +
        "key …), or the object already exists.",
    ],
    [
      saying(500, { message: "No container or service found for: app-x1" }),
      "Docker has no container of it, and no log without one (HTTP 500). It was never deployed, or somebody removed its " +
        "container: deploy it first.",
    ],
    [saying(500, { message: "oops" }), "oops (HTTP 500). The server's log has the details."],
    [
      saying(500, { message: "oops: Failed query: select" }),
      "oops: (details of the database error withheld) (HTTP 500). A value may have the wrong type, or an id may be " +
        "wrong; the server's log has the details.",
    ],
    [
      saying(500, { message: "" }),
      "dokploy.example.com responded with a body of type application/json, which is not a response of Dokploy's API " +
        "(HTTP 500). Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [saying(500, { message: "\u0007" }), "no reason given (HTTP 500). The server's log has the details."],
    [
      saying(500, [{ message: "oops" }]),
      "dokploy.example.com responded with a body of type application/json, which is not a response of Dokploy's API " +
        "(HTTP 500). Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(500, "null"),
      "dokploy.example.com responded with a body of type application/json, which is not a response of Dokploy's API " +
        "(HTTP 500). Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(500, '"oops"'),
      "dokploy.example.com responded with a body of type application/json, which is not a response of Dokploy's API " +
        "(HTTP 500). Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      saying(400, { message: "bad", data: [], code: 5 }),
      "bad (HTTP 400). Correct the inputs, or compare with what Dokploy shows.",
    ],
  ] as const) {
    it(`continues: ${expected}`, () => assert.equal(message().split(" failed: ")[1], expected));
  }

  it("is that of a redirect from 300 on", () => {
    assert.match(said(300, ""), /redirects to an address that it does not name \(HTTP 300\)/);
    assert.match(said(299, { message: "x" }), / failed: x \(HTTP 299\)/);
    assert.match(said(400, { message: "x" }), / failed: x \(HTTP 400\)/);
  });

  for (const [code, expected] of [
    [
      "ECONNREFUSED",
      "dokploy.example.com refuses connections (ECONNREFUSED). Is Dokploy running, and is the port right? Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      "ENOTFOUND",
      "the name of dokploy.example.com cannot be resolved (ENOTFOUND). Is it spelt right, and does this machine's DNS know it? Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      "ETIMEDOUT",
      "dokploy.example.com did not answer in time (ETIMEDOUT). Is it reachable from here (firewall, VPN), and is it overloaded? Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      "CERT_X",
      "the certificate of dokploy.example.com is not trusted (CERT_X). Give Dokploy a valid certificate, or name your own authority's in NODE_EXTRA_CA_CERTS (a PEM file).",
    ],
    [
      "EPROTO",
      "dokploy.example.com does not speak TLS on that port (EPROTO). Is it http instead of https, or another port? Check the address: `pulumi config set dokploy:url https://…` or DOKPLOY_URL.",
    ],
    [
      "ERR_INVALID_URL",
      "the address of the proxy to dokploy.example.com is not a URL (ERR_INVALID_URL). Correct HTTPS_PROXY or HTTP_PROXY (http://host:port), or name the host in NO_PROXY.",
    ],
    [
      "ANSWER_TOO_LARGE",
      "dokploy.example.com sent a response that is too large (ANSWER_TOO_LARGE). Check which server responds at this address; Dokploy's responses stay far below the limit of 50 MB.",
    ],
    [
      "EPIPE",
      "the connection to dokploy.example.com broke (EPIPE). Run again; if it keeps failing, check the proxy and " +
        "the network between here and Dokploy.",
    ],
  ] as const) {
    it(`continues: ${expected}`, () => {
      const { message } = errorFromFault(context("application.one"), { code, sent: true });
      assert.equal(message, `Dokploy application.one on application "app-1" failed: ${expected}`);
    });
  }

  it("does not suspect an address that accepted the key before", () => {
    const origins = { url: "DOKPLOY_URL", apiKey: "DOKPLOY_API_KEY" };
    const worked = context("postgres.one", { keyWorked: true, origins });
    const away = "It may be down, updating or restarting: look at the server, then run again.";
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "ETIMEDOUT", "EPROTO"]) {
      const { message } = errorFromFault(worked, { code, sent: true });
      assert.ok(message.endsWith(`(${code}). ${away}`), message);
    }
    const { message } = errorFromAnswer(
      worked,
      answer(404, "404 page not found", { contentType: "text/plain" }),
    );
    assert.ok(message.endsWith(`(HTTP 404). ${away}`), message);
    const refused = errorFromAnswer(worked, answer(403, "<html>", { contentType: "text/html" }));
    assert.match(refused.message, /let requests to \/api pass\.$/);
    const proxied = { ...worked, proxyVariable: "HTTP_PROXY" };
    assert.match(
      errorFromFault(proxied, { code: "ECONNREFUSED", sent: false }).message,
      /then run again\. HTTP_PROXY is set: it may be the proxy\.$/,
    );
  });

  it("mentions a proxy, the number of tries, and what Dokploy may have done", () => {
    const fault = (sent: boolean, more: Partial<CallContext>) =>
      errorFromFault(context("application.deploy", more), { code: "EPIPE", sent });
    const proxyVariable = "HTTP_PROXY";
    assert.match(
      fault(false, { proxyVariable }).message,
      /and Dokploy\. HTTP_PROXY is set: it may be the proxy\.$/,
    );
    assert.match(fault(false, {}).message, /between here and Dokploy\.$/);
    const tried = fault(true, { proxyVariable, tries: 3 });
    assert.match(
      tried.message,
      / failed after 3 tries: .*\. Dokploy may have carried it out anyway\. Run again/,
    );
    assert.doesNotMatch(tried.message, /proxy\.$/);
    assert.equal(tried.outcome, "unknown");
    assert.equal(fault(false, {}).outcome, "not-sent");
  });

  it("explains an unexpected response, a version, a column and an input", () => {
    assert.match(
      errorFromOddAnswer(context("application.one"), answer(200, "")).message,
      /failed: dokploy\.example\.com responded with an empty body, which is not a response of Dokploy's API \(HTTP 200\)\. Check/,
    );
    assert.match(
      errorForVersion(context("application.deploy"), parseVersion("v0.1.0")).message,
      /failed: the server runs Dokploy v0\.1\.0, older than 0\.28\.7: .*\. Update Dokploy; nothing was changed\.$/,
    );
    assert.match(
      errorForColumn(context("compose.update"), parseVersion("v0.29.0"), "icon").message,
      /Dokploy v0\.29\.0, which has no icon and would drop it\. It was added in Dokploy 0\.29\.14: update the server, or leave icon out; nothing/,
    );
    const input = errorForInput(context("compose.update"), "replicas");
    assert.match(input.message, /failed: replicas is not a finite number\. Correct the named input\.$/);
    assert.equal(input.outcome, "not-sent");
  });

  it("is passed on to a call that needs the failed one", () => {
    const first = errorFromAnswer(context("application.one"), answer(503, ""));
    const next = notSentBecause(first, "application.update");
    assert.equal(next.message, `Dokploy application.update was not called: ${first.message}`);
    assert.deepEqual(
      [next.kind, next.endpoint, next.outcome, next.status],
      ["unreachable", "application.update", "not-sent", 503],
    );
    const fault = errorFromFault(context("application.one"), { code: "EPIPE", sent: false });
    const unreached = errorFromFault(context("settings.getDokployVersion"), {
      code: "ECONNREFUSED",
      sent: false,
    });
    assert.match(
      unreached.message,
      /^Cannot reach Dokploy: dokploy\.example\.com refuses connections \(ECONNREFUSED\)\. /,
    );
    assert.equal(
      notSentBecause(unreached, "application.update").message,
      `${unreached.message} Dokploy application.update was not called.`,
    );
    assert.equal("status" in notSentBecause(fault, "application.update"), false);
  });
});

describe("what calls have in common", () => {
  it("texts of a request are secrets, numbers and empty values are not", () => {
    assert.deepEqual(
      secretsOf({ a: "x", b: ["y", { c: "z", nameId: "i" }], d: 5, e: null, f: undefined, g: true }),
      ["x", "y", "z"],
    );
    assert.deepEqual([secretsOf(5), secretsOf(null), secretsOf("s")], [[], [], ["s"]]);
  });

  it("only the missing object itself is not found", () => {
    const facts = { endpoint: "application.one", outcome: "refused" } as const;
    const of = (kind: ErrorKind, gone?: boolean) =>
      isNotFound(new DokployError("x", { kind, ...facts, ...(gone === undefined ? {} : { gone }) }));
    assert.deepEqual(
      [of("not-found", true), of("not-found", false), of("not-found"), of("forbidden", true)],
      [true, false, false, false],
    );
    assert.equal(isNotFound(Object.assign(new Error("x"), { kind: "not-found", gone: true })), false);
  });

  it("a fault without a code is UNKNOWN", () => {
    assert.deepEqual([faultCode(new Error("canary")), faultCode({ code: 7 })], ["UNKNOWN", "UNKNOWN"]);
    assert.equal(faultCode(Object.assign(new Error("canary"), { code: "EPIPE" })), "EPIPE");
  });

  it("an invalid number is named by its place in the input", () => {
    assert.deepEqual(
      [
        nonFiniteField({ a: 1, b: "x", c: null }),
        nonFiniteField({ a: 1, b: Number.NaN }),
        nonFiniteField({ a: { b: [{ c: 1 }, { c: Number.POSITIVE_INFINITY }] } }),
      ],
      [undefined, "b", "a.b.1.c"],
    );
  });

  it("a pre-release is older than its release, whichever is asked first", () => {
    const compare = (a: string, b: string) => Math.sign(compareVersions(parseVersion(a), parseVersion(b)));
    assert.equal(compare("0.30.2-rc.1", "0.30.2"), -1);
    assert.equal(compare("0.30.2", "0.30.2-rc.1"), 1);
    assert.equal(compare("0.30.2-rc.2", "0.30.2-rc.10"), -1);
    assert.equal(compare("0.30.2-rc.1", "0.30.2-rc.1"), 0);
  });

  it("a database is called by its kind and its own id", async () => {
    const calls: unknown[] = [];
    const api = { call: async (...args: unknown[]) => void calls.push(args) };
    await callDatabase(api as never, "redis", "r", "saveEnvironment", { env: "A=1" });
    assert.deepEqual(calls, [["redis.saveEnvironment", { redisId: "r", env: "A=1" }]]);
  });
});
