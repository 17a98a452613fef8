import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { claimObject, composeOf, noteId, withParent } from "../../../../sdk/program-checks";

const server = {};

/** The id of a resource of the program. */
function idOf(): pulumi.Output<string> {
  const id = pulumi.output(new Promise<string>(() => {}));
  noteId(id, {} as pulumi.Resource);
  return id;
}

describe("two resources for one object", () => {
  it("are reported by their inputs, without the values, which may be secrets", () => {
    const domain = (more: object) => ({ composeId: "canary-parent", host: "canary-host", ...more });
    claimObject(server, "Domain", "one", domain({}));
    claimObject(server, "Domain", "other", domain({ path: "/canary-path" }));
    assert.throws(
      () => claimObject(server, "Domain", "two", domain({ path: "/" })),
      (error: Error) => {
        assert.match(
          error.message,
          /^Domain "two" and Domain "one" are the same Domain: they have the same host and path for the same service\./,
        );
        assert.doesNotMatch(error.message, /canary/);
        return true;
      },
    );
  });

  it("are reported for objects that a server has once, and by the inputs of other objects", () => {
    claimObject(server, "WebServerSettings", "one", { host: "a.example.com" });
    assert.throws(
      () => claimObject(server, "WebServerSettings", "two", { buildsConcurrency: 2 }),
      /^Error: WebServerSettings "two" and WebServerSettings "one" are the same WebServerSettings: a server has one\. Keep/,
    );
    claimObject({}, "WebServerSettings", "of another server", {});
    claimObject(server, "TraefikFile", "here", { path: "dynamic/a.yml" });
    claimObject(server, "TraefikFile", "there", { path: "dynamic/a.yml", serverId: "s" });
    assert.throws(
      () => claimObject(server, "TraefikFile", "again", { path: "dynamic/a.yml" }),
      /are the same TraefikFile: they have the same path and serverId\. /,
    );
    claimObject(server, "Member", "ana", { email: "ana@acme.example" });
    assert.throws(
      () => claimObject(server, "Member", "bob", { email: "ana@acme.example" }),
      /the same email/,
    );
  });

  it("are reported by ids that are known only in a run, even if an input of the key is left out", () => {
    const bucket = idOf();
    const backup = (more: object) => ({ postgresId: idOf(), destinationId: bucket, ...more });
    const postgresId = idOf();
    claimObject(server, "Backup", "one", backup({ postgresId }));
    claimObject(server, "Backup", "of another service", backup({}));
    claimObject(server, "Backup", "elsewhere", backup({ postgresId, destinationId: idOf() }));
    claimObject(server, "Backup", "hourly", backup({ postgresId, prefix: "hourly" }));
    claimObject(server, "Backup", "in any folder", backup({ postgresId, prefix: pulumi.output("p") }));
    assert.throws(
      () => claimObject(server, "Backup", "two", backup({ postgresId, prefix: "/" })),
      /Backup "two" and Backup "one" are the same Backup: they have the same prefix and destinationId and serviceName for/,
    );
  });

  it("are not, if nothing distinguishes them", () => {
    claimObject(server, "ApiKey", "one", { name: "ci" });
    claimObject(server, "ApiKey", "two", { name: "ci" });
  });

  it("are not, if they belong to two services or are of two kinds", () => {
    claimObject(server, "Port", "a", { applicationId: "a", publishedPort: 25 });
    claimObject(server, "Port", "b", { applicationId: "b", publishedPort: 25 });
    claimObject(server, "Registry", "c", { name: "25" });
  });
});

describe("a part of a service of the program", () => {
  it("is deleted with its service, unless the program chooses another resource", () => {
    const service = {} as pulumi.Resource;
    const applicationId = pulumi.output(new Promise<string>(() => {}));
    noteId(applicationId, service);
    const other = {} as pulumi.Resource;
    assert.equal(withParent("Port", { applicationId }, { protect: true })?.deletedWith, service);
    assert.equal(withParent("Port", { applicationId }, { protect: true })?.protect, true);
    assert.equal(withParent("Port", { applicationId }, undefined)?.deletedWith, service);
    assert.equal(withParent("Port", { applicationId }, { deletedWith: other })?.deletedWith, other);
    // Dokploy keeps the files of a backup that went with its service.
    assert.equal(withParent("Backup", { postgresId: applicationId }, undefined), undefined);
    assert.equal(withParent("Port", { applicationId: "by its id" }, undefined), undefined);
    noteId(applicationId, {} as pulumi.Resource, { retainOnDelete: true });
    assert.equal(withParent("Port", { applicationId }, undefined), undefined);
    noteId(applicationId, { __protect: true } as unknown as pulumi.Resource);
    assert.equal(withParent("Port", { applicationId }, undefined), undefined);
  });

  it("belongs to the compose service whose file contains its service", () => {
    const compose = {} as pulumi.Resource;
    const composeId = pulumi.output(new Promise<string>(() => {}));
    noteId(composeId, compose);
    for (const kind of ["Domain", "Backup", "VolumeBackup", "Schedule"] as const)
      assert.equal(composeOf(kind, { composeId }), compose, kind);
    assert.equal(composeOf("Mount", { composeId }), undefined);
    assert.equal(composeOf("Domain", { composeId: "by its id" }), undefined);
  });
});
