const service = (lines: string) =>
  `services:\n  db:\n    image: postgres:18\n${lines.replace(/^/gm, "    ")}\n`;
const web = (line: string) => `services: { web: { image: 'a:1', ${line} } }\n`;

/** Files that a preview must not have, by what they would be; each was a way to another stage or to the server. */
export const attacks: Readonly<Record<string, string | readonly string[]>> = {
  "one with a volume that others have": [
    "services: {}\nvolumes: { data: { external: true } }",
    "services: {}\nvolumes: { data: { external: { name: x } } }",
    "services: {}\nvolumes: { data: { external: '${X:-true}' } }",
    "services: {}\nvolumes: { data: { external: True } }",
  ],
  "one with a volume of a fixed name": [
    "volumes: { data: { name: shop-data } }",
    "volumes: { data: { name: '${NAME}' } }",
    "volumes: { '${NAME}': {} }",
  ],
  "one with a share": [
    "volumes: { data: { driver_opts: { device: ':/export' } } }",
    "volumes: { data: { driver: local, driver_opts: { type: none, o: bind, device: / } } }",
    "volumes: { data: { driver: rclone } }",
    "volumes: { data: { driver: '${D}' } }",
  ],
  "one with a network that others have": [
    "networks: { test: { external: true } }",
    "networks: { test: { external: { name: shop-prod_default } } }",
    "networks: { dokploy-network: { external: true, name: shop-prod_default } }",
    "networks: { dokploy-network: { external: true, name: host } }",
    "networks: { dokploy-network: { name: host } }",
    "networks: { dokploy-network: { driver: host } }",
    `${web("networks: { p: { aliases: [api] } }")}networks: { p: { external: true, name: dokploy-network } }`,
    `${web("networks: [p]")}networks: { p: { name: dokploy-network, external: true } }`,
    "networks: { default: { external: true, name: dokploy-network } }",
    "networks: { default: { name: '${N}' } }",
    "networks: { test: { name: test } }",
    "networks: { lan: { driver: macvlan } }",
    "networks: { lan: { driver: '${D}' } }",
    "networks: { x: { driver_opts: { com.docker.network.bridge.name: docker0 } } }",
    "networks: { x: { ipam: { config: [{ subnet: 10.0.0.0/8 }] } } }",
    web("networks: { '${N}': {} }"),
    web("networks: ['${N:-dokploy-network}']"),
  ],
  "one with names in Dokploy's network": [
    `${web("networks: { dokploy-network: { aliases: [api] } }")}networks: { dokploy-network: { external: true } }`,
    `${web("networks: { dokploy-network: { aliases: [api] } }")}networks: { dokploy-network: {} }`,
    web("networks: { dokploy-network: { ipv4_address: 10.0.1.5 } }"),
    web("hostname: api"),
    web("domainname: api"),
    web("container_name: api"),
    web("links: ['x:api']"),
    web("external_links: [x]"),
  ],
  "one with a secret that is a file of the server": [
    "secrets: { key: { file: /etc/key } }",
    "secrets: { key: { file: ../../x/.env } }",
    "secrets: { key: { file: '${F}' } }",
    "secrets: { key: { external: true } }",
    "configs: { key: { external: true, name: x } }",
    "configs: { key: { file: ~/.ssh/id_rsa } }",
    "secrets: { key: { driver: x } }",
  ],
  "one with the name of another project": ["name: shop\nservices: {}", "name: '${N}'\nservices: {}"],
  "one with another file": [
    "include: [other.yaml]",
    service("extends: { file: ../base.yaml, service: db }"),
    service("extends: { service: web }"),
    service("extends: web"),
  ],
  "one with a folder of the server": [
    service("volumes: [/srv/data:/data]"),
    service("volumes: ['/:/host']"),
    service("volumes: ['../../data:/data:ro']"),
    service("volumes: ['../files/../../x:/data:ro']"),
    service("volumes: ['./../x:/data:ro']"),
    service("volumes: ['~/data:/data']"),
    service("volumes: ['~root:/data']"),
    service("volumes: ['C:\\\\:/data']"),
    service("volumes: ['.\\\\..\\\\x:/data:ro']"),
    service("volumes: ['/srv:/x:ro']"),
    service("volumes: [{ type: bind, source: /srv, target: /x }]"),
    service("volumes: [{ type: bind, source: /srv, target: /x, read_only: true }]"),
    service("volumes: [{ type: bind, source: ../../x, target: /x, read_only: true }]"),
    service("volumes: [{ type: '${T:-bind}', source: /, target: /x }]"),
    service("volumes: [{ type: !!str bind, source: /, target: /x }]"),
    service("volumes: [{ type: volume, source: /, target: /x }]"),
    service("volumes: [{ source: /, target: /x }]"),
    service("volumes: [{ type: npipe, source: x, target: /x }]"),
    service("volumes: [{ type: cluster, source: x, target: /x }]"),
    service("volumes: [{ type: image, source: x, target: /x }]"),
    service(
      "volumes: [{ type: bind, source: ./x, target: /x, read_only: true, bind: { propagation: shared } }]",
    ),
    service("volumes: ['${DATA:-/srv}:/data']"),
    service("volumes: ['${DATA}']"),
    service("volumes: ['data:/x:${M}']"),
    service("volumes: ['./a:/b:ro:/c']"),
    service("volumes: [/var/run/docker.sock:/var/run/docker.sock]"),
    service("tmpfs: ['/run:${O}']"),
  ],
  "one with a file of the service that a container can replace by a link": [
    service("volumes: ['./data:/data']"),
    service("volumes: ['.:/data']"),
    service("volumes: ['../files:/data']"),
    service("volumes: ['./data:/data:rw,z']"),
    service("volumes: [{ type: bind, source: ./data, target: /data }]"),
    service("volumes: [{ type: bind, source: ./data, target: /data, read_only: false }]"),
    service("volumes: [{ type: bind, source: ./data, target: /data, read_only: '${RO}' }]"),
  ],
  "one with a port of the server": [
    service("ports: ['5432:5432']"),
    service("ports: ['127.0.0.1::5432']"),
    service("ports: ['${P}5432']"),
    service("ports: [{ target: 80, published: 8080 }]"),
    service("ports: [{ target: 80, published: '${P}' }]"),
    service("ports: [{ target: 80, host_ip: 0.0.0.0 }]"),
    service("ports: [{ target: 80, mode: host }]"),
  ],
  "one with the server's or another container's names": [
    service("network_mode: host"),
    service("network_mode: container:x"),
    service("network_mode: bridge"),
    service("network_mode: '${M}'"),
    service("pid: host"),
    service("pid: container:x"),
    service("ipc: host"),
    service("uts: host"),
    service("userns_mode: host"),
    service("cgroup: host"),
    service("cgroup_parent: x"),
    service("isolation: x"),
  ],
  "one with rights on the server": [
    service("privileged: true"),
    service("privileged: ${P}"),
    service("cap_add: [SYS_ADMIN]"),
    service("cap_add: ['${C}']"),
    service("security_opt: [seccomp:unconfined]"),
    service("security_opt: ['${S}']"),
    service("devices: [/dev/sda]"),
    service("device_cgroup_rules: ['a *:* rwm']"),
    service("gpus: all"),
    service("runtime: x"),
    service("credential_spec: { file: x }"),
    service("group_add: [docker]"),
    service("sysctls: { kernel.x: 1 }"),
    service("use_api_socket: true"),
    service("oom_kill_disable: true"),
    service("oom_score_adj: -1000"),
    service("provider: { type: x }"),
    service("models: [x]"),
    service("volumes_from: [container:x]"),
    service("post_start: [{ command: id, privileged: true }]"),
    service("post_start: [{ command: id, user: root }]"),
    service("develop: { watch: [] }"),
    service("deploy: { placement: { constraints: [node.role==manager] } }"),
    service("deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }] } } }"),
    service("logging: { driver: syslog, options: { syslog-address: 'tcp://x' } }"),
    service("logging: { driver: json-file, options: { labels: x } }"),
    service("ulimits: { nproc: 1 }"),
    service("blkio_config: { weight: 1 }"),
    service("storage_opt: { size: 1g }"),
    service("annotations: { a: b }"),
    service("dns: [10.0.0.1]"),
  ],
  "one with variables of another service": [
    service("env_file: ../../test/code/.env"),
    service("env_file: [{ path: /etc/env }]"),
    service("env_file: ['${E}']"),
    service("label_file: ./labels"),
  ],
  "one with labels": [
    service("labels: ['traefik.http.routers.x.rule=Host(`a`)']"),
    service("labels: { traefik.http.routers.x.rule: y }"),
    service("labels: { Traefik.HTTP.Routers.x.rule: y }"),
    service("labels: { traefik.tls.stores.default.defaultcertificate.certfile: y }"),
    service("labels: { traefik.enable: 'true' }"),
    service("labels: ['${LABEL}=x']"),
    service("labels: { com.docker.compose.project: shop }"),
    service("deploy: { labels: ['traefik.http.routers.x.rule=y'] }"),
    service("build: { context: ., labels: { a: b } }"),
    "services: {}\nvolumes: { data: { labels: { com.docker.compose.project: shop } } }",
    "services: {}\nnetworks: { x: { labels: { a: b } } }",
  ],
  "one whose build reaches the server or replaces an image": [
    "services: { a: { build: ., image: acme/web:1 } }",
    "services: { a: { build: { context: ., tags: [acme/web:1] } } }",
    "services: { a: { build: { context: ., cache_to: ['type=registry,ref=acme/web:1'] } } }",
    "services: { a: { build: { context: ., cache_from: ['type=local,src=/etc'] } } }",
    "x-a: &a { image: acme/web:1 }\nservices: { a: { <<: *a, build: . } }",
    "services: { a: { build: ../../shop/code } }",
    "services: { a: { build: /etc/dokploy } }",
    "services: { a: { build: '${C}' } }",
    "services: { a: { build: 'git@github.com:acme/secret.git' } }",
    "services: { a: { build: 'https://user:canary@github.com/acme/secret.git' } }",
    "services: { a: { build: 'https://github.com/acme/web.git#main:../..' } }",
    "services: { a: { build: { context: ., dockerfile: ../../x } } }",
    "services: { a: { build: { context: ., dockerfile: /etc/shadow } } }",
    "services: { a: { build: { dockerfile: /etc/dokploy/compose/shop-web-k3j9x2/code/Dockerfile } } }",
    "services: { a: { build: { context: ., dockerfile: /etc/passwd/../x, network: host } } }",
    "services: { a: { build: { context: ., network: host } } }",
    "services: { a: { build: { context: ., privileged: true } } }",
    "services: { a: { build: { context: ., entitlements: [security.insecure] } } }",
    "services: { a: { build: { context: ., ssh: [default] } } }",
    "services: { a: { build: { context: ., secrets: [x] } } }",
    "services: { a: { build: { context: ., additional_contexts: { x: /etc } } } }",
    "services: { a: { build: { context: ., extra_hosts: ['a:1.2.3.4'] } } }",
    "services: { a: { build: { context: ., isolation: x } } }",
  ],
  "one that hides something behind YAML": [
    "x-v: &v [/srv:/data]\nservices: { a: { image: 'a:1', volumes: *v } }",
    "x-p: &p { privileged: true }\nservices: { a: { image: 'a:1', <<: *p } }",
    "x-p: &p { privileged: true }\nservices: { a: { image: 'a:1', <<: [*p] } }",
    "x-p: &p { privileged: true }\nservices: { a: { image: 'a:1', '<<': *p } }",
    "x-n: &n { n: { external: true, name: host } }\nnetworks: *n\nservices: {}",
    web("volumes: !reset []"),
    web("privileged: !!bool 'true'"),
    web("command: !!binary aGk="),
    web("command: !override [a]"),
    "services: { a: { image: 'a:1', x-y: 1 } }",
    "services: { a: { image: 'a:1' } }\n---\nservices: {}",
    "services: { a: { image: 'a:1', image: 'b:1' } }",
    "services: { 'a b': { image: 'a:1' } }",
    "services: { '${N}': { image: 'a:1' } }",
    "services: { ../a: { image: 'a:1' } }",
    "services: [",
  ],
  "one with a line break that Docker alone knows": [
    ...["\\u2028", "\\L", "\\P", "\\N", "\\x85", "\u2028", "\u2029", "\u0085"].flatMap((line) => [
      web(`command: "a${line}    privileged:${line}      true"`),
      web(`environment: { A: "a${line}    privileged:${line}      true" }`),
      web(`<<: { command: "a${line}    privileged:${line}      true" }, command: b`),
      `x-a: "a${line}include:${line}  - /etc/x.yaml"\nservices: { a: { image: 'a:1' } }`,
      `x-a: { "a${line}include": b }\nservices: { a: { image: 'a:1' } }`,
    ]),
    "services:\n  a:\n    image: a:1\n    # x\u2028    privileged: true\n",
    "services:\n  a:\n    image: a:1\n    # x\r    privileged: true\n",
  ],
  "one with an image that a variable chooses": [
    "services: { a: { image: '${IMAGE}' } }",
    "services: { a: { image: '${REGISTRY:-x}/web:1' } }",
    "services: { a: { image: 'acme/${NAME}:1' } }",
    "services: { a: { image: 'acme/web:1 --privileged' } }",
  ],
  "one with names that variables give": [
    web("environment: { '${N}': x }"),
    web("environment: ['${N}=x']"),
    web("depends_on: ['${N}']"),
    web("configs: ['${N}']"),
    web("secrets: [{ source: '${N}' }]"),
    web("user: '${U}'"),
    web("working_dir: '${W}'"),
  ],
};

/** Files as people write them. */
export const ordinary: Readonly<Record<string, string>> = {
  "a database": `services:
  db:
    image: postgres:18
    restart: unless-stopped
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: \${DB_PASSWORD:?is missing}
    volumes:
      - data:/var/lib/postgresql
      - ../files/init.sql:/docker-entrypoint-initdb.d/init.sql:ro
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U $\${POSTGRES_USER}"]
      interval: 10s
      timeout: 5s
      start_period: 1m30s
      retries: 5
volumes:
  data:
`,
  "one with much of what is allowed": `version: "3.8"
x-env: &env { TZ: Europe/Vienna }
x-base: &base
  restart: on-failure:3
  logging: { driver: json-file, options: { max-size: 10m, max-file: "3" } }
services:
  web:
    <<: *base
    image: ghcr.io/acme/web:v\${TAG:-1.2}
    pull_policy: always
    command: ["serve", "--port", "\${PORT}"]
    environment: { <<: *env, PORT: 3000, DEBUG: false, EMPTY: }
    env_file: [.env, { path: ../files/web.env, required: false }]
    depends_on: { db: { condition: service_healthy }, cache: { condition: service_started } }
    ports: ["3000", 80, { target: 443, protocol: tcp }]
    expose: [3000, "9229/tcp"]
    networks: { default: {}, inner: { aliases: [site] } }
    configs: [site, { source: site, target: /etc/site.conf, mode: 0444 }]
    secrets: [key]
    tmpfs: [/run, "/tmp:size=64m"]
    read_only: true
    init: true
    user: "1000:1000"
    working_dir: /app
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    stop_grace_period: 30s
    ulimits: { nofile: { soft: 1024, hard: 4096 }, memlock: -1 }
    deploy: { replicas: 2, resources: { limits: { memory: 256M, cpus: "0.5" } }, update_config: { order: start-first } }
  db:
    <<: [*base]
    image: postgres@sha256:${"a".repeat(64)}
    environment: ["POSTGRES_DB=shop", "POSTGRES_PASSWORD=\${DB}", PASSED]
    volumes:
      - { type: volume, source: data, target: /var/lib/postgresql }
      - { type: tmpfs, target: /cache, tmpfs: { size: 64m } }
      - { type: bind, source: ../files/x.conf, target: /etc/x.conf, read_only: true }
      - /anonymous
      - data:/copy:ro
  cache: { image: "redis:7.4-alpine", command: "redis-server --requirepass \${PASS}", profiles: [full], mem_limit: 64m, cpus: 0.25 }
  api: { build: . }
  worker: { build: { context: ./worker, dockerfile: docker/Dockerfile, args: { A: "\${B}" }, target: prod } }
  code: { build: "https://github.com/acme/web.git#main:docker" }
networks: { inner: { driver: bridge, internal: true } }
volumes: { data: {}, other: { external: false } }
configs: { site: { content: "port = \${PORT}" }, file: { file: ../files/x } }
secrets: { key: { environment: SITE_KEY } }
`,
};
