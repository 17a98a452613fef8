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
    networks: { default: {}, dokploy-network: {}, inner: { aliases: [x] } }
    network_mode: none
    labels: { team: shop }
    env_file: [./.env, ../files/db.env]
    build:
      context: https://github.com/acme/db.git
      dockerfile: docker/Dockerfile
      network: none
      cache_from: ["type=registry,ref=acme/db:cache", "acme/db:1"]
      additional_contexts: { base: "docker-image://alpine:3", lib: ./lib }
  web: { image: "acme/web:1", pid: "service:db", privileged: false }
volumes: { data: {}, other: { external: false } }
networks: { inner: { driver: bridge }, dokploy-network: { external: true } }
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
    "a route in any case": [service("labels: { Traefik.HTTP.Routers.x.rule: y }"), /labels/],
    "a route of a stack": [
      service("deploy: { labels: ['traefik.http.routers.x.rule=y'] }"),
      /^services\.db\.deploy\.labels/,
    ],
    "a middleware, whose name others use": [
      service("labels: ['traefik.http.middlewares.auth.basicauth.users=x']"),
      /labels/,
    ],
    "a label that a variable names": [service("labels: ['${LABEL}=x']"), /labels/],
    "a label of Docker's projects": [service("labels: { com.docker.compose.project: shop }"), /labels/],
    "labels in a file": [service("label_file: ./labels"), /label_file/],
    "a name in Dokploy's network": [
      service("networks: { dokploy-network: { aliases: [api] } }"),
      /networks\.aliases/,
    ],
    "storage by a driver": ["volumes: { data: { driver: rclone } }", /^volumes\.data: driver/],
    "the server's network by a driver": ["networks: { lan: { driver: macvlan } }", /^networks\.lan: driver/],
    "a bridge of the server": [
      "networks: { x: { driver_opts: { com.docker.network.bridge.name: docker0 } } }",
      /driver_opts/,
    ],
    "a program of the server": [service("provider: { type: x }"), /provider/],
    "a hook with all rights": [
      service("post_start: [{ command: id, privileged: true }]"),
      /post_start\.privileged/,
    ],
    "a build with all rights": [service("build: { context: ., privileged: true }"), /build\.privileged/],
    "a build in the server's network": [service("build: { context: ., network: host }"), /build\.network/],
    "a folder of the server in a build": [
      service("build: { context: ., additional_contexts: { x: /etc } }"),
      /additional_contexts/,
    ],
    "such a folder in a list": [
      service("build: { context: ., additional_contexts: ['x=/etc'] }"),
      /additional_contexts/,
    ],
    "a cache on the server": [
      service("build: { context: ., cache_to: ['type=local,dest=/etc'] }"),
      /cache_to/,
    ],
    "a Dockerfile of the server": [
      service("build: { context: ., dockerfile: ../../x }"),
      /build\.dockerfile/,
    ],
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
