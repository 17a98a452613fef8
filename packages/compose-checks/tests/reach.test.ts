import * as assert from "node:assert/strict";
import { reachOf } from "../checks/reach";

const reasons = (text: string) => reachOf(text).map(({ reason }) => reason);
const service = (lines: string) =>
  `services:\n  db:\n    image: postgres:18\n${lines.replace(/^/gm, "    ")}\n`;

describe("what a compose file shares with other services of the server", () => {
  it("is nothing for containers, networks and volumes of its own", () => {
    const file = `
services:
  db:
    image: postgres:18
    volumes:
      - data:/var/lib/postgresql
      - ./init:/docker-entrypoint-initdb.d
      - ../files/db.conf:/etc/db.conf
      - /tmp
      - { type: tmpfs, target: /run }
      - { type: volume, source: data, target: /copy }
    ports: ["5432", { target: 80 }]
    networks: [default, dokploy-network, inner]
    network_mode: none
    labels: { team: shop }
    env_file: [./.env, ../files/db.env]
    build: { context: https://github.com/acme/db.git }
  web: { image: "acme/web:1", pid: "service:db", privileged: false }
volumes: { data: {}, other: { external: false } }
networks: { inner: {}, dokploy-network: { external: true } }
configs: { conf: { file: ./conf } }
`;
    assert.deepEqual(reasons(file), []);
  });

  const shared: Readonly<Record<string, [text: string, reason: RegExp]>> = {
    "a volume that others have": [
      "services: {}\nvolumes: { data: { external: true } }",
      /^volumes\.data: external/,
    ],
    "an external volume with a name": [
      "volumes: { data: { external: { name: x } } }",
      /^volumes\.data: external/,
    ],
    "a volume with a fixed name": ["volumes: { data: { name: shop-data } }", /^volumes\.data: name/],
    "a volume with a name from a variable": [
      "volumes: { data: { name: '${NAME}' } }",
      /^volumes\.data: name/,
    ],
    "a share": ["volumes: { data: { driver_opts: { device: ':/export' } } }", /driver_opts\.device/],
    "a network that others have": ["networks: { test: { external: true } }", /^networks\.test: external/],
    "a network with a fixed name": ["networks: { test: { name: test } }", /^networks\.test: name/],
    "a secret that is a file of the server": ["secrets: { key: { file: /etc/key } }", /^secrets\.key: file/],
    "the name of a project": ["name: shop\nservices: {}", /^name: a fixed name/],
    "another file": ["include: [other.yaml]", /^include/],
    "a service of another file": [service("extends: { file: ../base.yaml, service: db }"), /extends\.file/],
    "a folder of the server": [service("volumes: [/srv/data:/data]"), /^services\.db\.volumes: a folder/],
    "a folder above": [service("volumes: ['../../data:/data']"), /a folder or file of the server/],
    "a folder above Dokploy's files": [service("volumes: ['../files/../../x:/data']"), /a folder or file/],
    "a folder of a user": [service("volumes: ['~/data:/data']"), /a folder or file of the server/],
    "a bind in the long form": [
      service("volumes: [{ type: bind, source: /srv, target: /x }]"),
      /a folder or file/,
    ],
    "a source from a variable": [
      service("volumes: ['${DATA:-/srv}:/data']"),
      /a source that a variable gives/,
    ],
    "a port of the server": [service("ports: ['5432:5432']"), /^services\.db\.ports/],
    "a port in the long form": [service("ports: [{ target: 80, published: 8080 }]"), /^services\.db\.ports/],
    "the name of a container": [service("container_name: db"), /container_name/],
    "the server's network": [service("network_mode: host"), /network_mode/],
    "another container's network": [service("network_mode: container:x"), /network_mode/],
    "the server's processes": [service("pid: host"), /pid/],
    "the whole server": [service("privileged: true"), /privileged/],
    "whatever a variable says": [service("privileged: ${P}"), /privileged/],
    "volumes of another container": [service("volumes_from: [container:x]"), /volumes_from/],
    "a file of variables of another service": [service("env_file: ../../test/code/.env"), /env_file/],
    "such a file in the long form": [service("env_file: [{ path: /etc/env }]"), /env_file/],
    "code of the server": [service("build: ../../shop/code"), /build\.context/],
    "more rights": [service("cap_add: [SYS_ADMIN]"), /cap_add/],
    "Docker itself": [service("use_api_socket: true"), /use_api_socket/],
    "a device": [service("devices: [/dev/sda]"), /devices/],
    "a route in a list": [service("labels: ['traefik.http.routers.x.rule=Host(`a`)']"), /labels/],
    "a route in a mapping": [service("labels: { traefik.http.routers.x.rule: y }"), /labels/],
    "anything in a file that cannot be read": ["services: [", /./],
  };
  for (const [what, [text, reason]] of Object.entries(shared)) {
    it(`is ${what}`, () => {
      const found = reasons(text);
      assert.equal(found.length, 1, JSON.stringify(found));
      assert.match(found[0] ?? "", reason);
    });
  }

  it("has a place in the file", () => {
    const text = service("container_name: db");
    assert.deepEqual(
      reachOf(text).map(({ offset }) => offset),
      [text.indexOf("container_name")],
    );
  });

  it("follows aliases", () => {
    assert.equal(reasons(`x-v: &v [/srv:/data]\n${service("volumes: *v")}`).length, 1);
  });
});
