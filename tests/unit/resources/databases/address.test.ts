import * as assert from "node:assert/strict";
import {
  connectionUrl,
  externalUrl,
  loginOf,
  type Reached,
  rootConnectionUrl,
} from "../../../../provider/resources/databases/address";

const row: Reached = {
  appName: "orders-4kq2ax",
  databaseName: "shop",
  databaseUser: "bot",
  databasePassword: "p@ss/w:rd",
  externalPort: null,
  server: null,
};
const { databaseName: _, ...unnamed } = row;

describe("the address of a database", () => {
  it("has the login and the name, each as an address can hold it", () => {
    assert.equal(connectionUrl("postgres", row), "postgresql://bot:p%40ss%2Fw%3Ard@orders-4kq2ax:5432/shop");
    assert.equal(new URL(connectionUrl("mariadb", row)).username, "bot");
    assert.equal(connectionUrl("libsql", unnamed), "http://bot:p%40ss%2Fw%3Ard@orders-4kq2ax:8080");
  });

  it("is that of a replica set of one where MongoDB runs as such", () => {
    assert.match(connectionUrl("mongo", unnamed), /:27017\/$/);
    assert.match(
      connectionUrl("mongo", { ...unnamed, replicaSets: true }),
      /:27017\/\?directConnection=true$/,
    );
  });

  it("is that of root where MySQL has no other user, and of the default user of Redis", () => {
    const root = { ...row, databaseUser: "root", databaseRootPassword: "top" };
    assert.deepEqual(loginOf("mysql", root), { user: "root", password: "top" });
    assert.deepEqual(loginOf("mariadb", root), { user: "root", password: "p@ss/w:rd" });
    assert.deepEqual(loginOf("mysql", { ...root, databaseUser: "bot" }), {
      user: "bot",
      password: "p@ss/w:rd",
    });
    const { databaseUser: _user, ...nobody } = row;
    assert.equal(loginOf("redis", nobody).user, "default");
    assert.equal(loginOf("libsql", nobody).user, "");
  });

  it("of root is that of what has one", () => {
    const root = { ...row, databaseRootPassword: "top/secret" };
    assert.equal(rootConnectionUrl("mysql", root), "mysql://root:top%2Fsecret@orders-4kq2ax:3306/shop");
    assert.equal(rootConnectionUrl("postgres", row), undefined);
  });

  it("outside is that of its server, else of Dokploy, and none without a port", () => {
    const open = { ...row, externalPort: 15432 };
    const host = (found: string | undefined) => found && new URL(found).host;
    assert.equal(
      host(externalUrl("postgres", open, "https://dokploy.example.com:3000/x")),
      "dokploy.example.com:15432",
    );
    assert.equal(
      host(
        externalUrl(
          "postgres",
          { ...open, server: { ipAddress: "203.0.113.7" } },
          "https://dokploy.example.com",
        ),
      ),
      "203.0.113.7:15432",
    );
    assert.equal(
      host(externalUrl("postgres", { ...open, server: { ipAddress: "2001:db8::7" } }, undefined)),
      "[2001:db8::7]:15432",
    );
    assert.equal(host(externalUrl("postgres", open, "http://[::1]:3000")), "[::1]:15432");
    assert.equal(externalUrl("postgres", row, "https://dokploy.example.com"), undefined);
    assert.equal(externalUrl("postgres", open, undefined), undefined);
  });
});
