/** Lists of parts, as the program has them, and what else stands in it. */
export interface Parts {
  wiki?: string;
  domains?: string;
  ports?: string;
  more?: string;
}

/** Ten domains of the wiki. */
export const ten = (port: number) =>
  `Array.from({ length: 10 }, (_, n) => ({ host: "wiki-" + n + ".example.com", serviceName: "web", port: ${port} }))`;

/** A wiki of a compose file and a web application, with lists of their parts. */
export const program = ({ wiki, domains, ports, more = "" }: Parts = {}) => `
  const shop = new dokploy.Project("shop", { name: "shop" });
  const environmentId = shop.defaultEnvironmentId;
  const wiki = new dokploy.Compose("wiki", {
    environmentId, name: "wiki",
    source: { type: "raw", composeFile: "services:\\n  web:\\n    image: acme/wiki:1\\n" },
    ${wiki === undefined ? "" : `domains: ${wiki},`}
  });
  const web = new dokploy.Application("web", {
    environmentId, name: "web", source: { type: "docker", image: "acme/web:1" },
    ${domains === undefined ? "" : `domains: ${domains},`}
    ${ports === undefined ? "" : `ports: ${ports},`}
  });
  ${more}
`;
