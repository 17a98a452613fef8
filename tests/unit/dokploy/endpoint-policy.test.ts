import * as assert from "node:assert/strict";
import { type Endpoint, policyOf } from "../../../provider/dokploy";
import { DOCUMENTED, ENDPOINTS, isEndpoint } from "./verbs";

const ALL = Object.keys(DOCUMENTED) as Endpoint[];
const verbOf = (endpoint: string) => endpoint.slice(endpoint.indexOf(".") + 1);

describe("policies of endpoints", () => {
  it("exist only for endpoints of the documents", () => {
    assert.deepEqual(
      ENDPOINTS.filter((endpoint) => !isEndpoint(endpoint)),
      [],
    );
    assert.ok(ENDPOINTS.length > 50);
  });

  it("call each endpoint of the documents as they say", () => {
    const methods = (of: (endpoint: Endpoint) => string) => ALL.map((endpoint) => [endpoint, of(endpoint)]);
    assert.deepEqual(
      methods((endpoint) => policyOf(endpoint).method),
      methods((endpoint) => DOCUMENTED[endpoint].method),
    );
  });

  it("name an object by a field that the endpoint takes", () => {
    const wrong = ENDPOINTS.filter((endpoint) => {
      const { about } = policyOf(endpoint);
      return about !== undefined && !(about.field in DOCUMENTED[endpoint].takes);
    });
    assert.deepEqual(wrong, []);
    const named = ENDPOINTS.filter((endpoint) => policyOf(endpoint).about === undefined);
    assert.deepEqual(
      named.filter(
        (endpoint) =>
          !/^(docker(?:Volume|Image)?|settings)\.|^(project|server|user|auditLog)\.all$|\.allByType$|^user\.(get|session)$|\.queueList$/.test(
            endpoint,
          ),
      ),
      [],
    );
  });

  it("repeat no change but those that set values or remove a missing object", () => {
    const repeated = ALL.filter((endpoint) => {
      const { method, idempotent } = policyOf(endpoint);
      return method === "POST" && idempotent;
    });
    const plain = (endpoint: Endpoint) =>
      endpoint.startsWith("notification.")
        ? verbOf(endpoint).replace(/^update(?=[A-Z])\w*/, "update of a kind")
        : verbOf(endpoint);
    const verbs = [...new Set(repeated.map(plain))].filter((verb) => !verb.startsWith("save")).sort();
    assert.deepEqual(verbs, [
      "assignPermissions",
      "bulkAssign",
      "delete",
      "deleteApiKey",
      "move",
      "remove",
      "update",
      "update of a kind",
      "updateMemberRole",
    ]);
    const ofKinds = repeated.filter((endpoint) => plain(endpoint) === "update of a kind");
    assert.equal(ofKinds.length, 12);
    for (const verb of [
      "create",
      "deploy",
      "redeploy",
      "rebuild",
      "reload",
      "toggleEnable",
      "updateServer",
    ]) {
      const same = ALL.filter((endpoint) => verbOf(endpoint) === verb);
      assert.ok(same.length > 0, verb);
      for (const endpoint of same) assert.equal(policyOf(endpoint).idempotent, false, endpoint);
    }
  });

  it("let only one call at a time rewrite data that Dokploy replaces as a whole", () => {
    const rewriting = (what: string) => ALL.filter((endpoint) => policyOf(endpoint).rewrites === what);
    assert.deepEqual(rewriting("access"), [
      ...["application", "compose", "environment", "libsql", "mariadb", "mongo"].map(
        (kind) => `${kind}.create`,
      ),
      ...["mysql", "postgres", "project", "redis"].map((kind) => `${kind}.create`),
    ]);
    const traefik = rewriting("traefik");
    for (const endpoint of ["application.delete", "domain.update", "redirects.create", "security.delete"]) {
      assert.ok((traefik as string[]).includes(endpoint), endpoint);
    }
    assert.ok(traefik.every((endpoint) => DOCUMENTED[endpoint].method === "POST"));
  });
});
