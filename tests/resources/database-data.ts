/** What a program gives for each kind of database beside its environment and its name, and the address that it gets. */
export const databaseData: Readonly<
  Record<string, { inputs: Readonly<Record<string, unknown>>; url: RegExp; hasRoot?: true }>
> = {
  Postgres: {
    inputs: { database: "shop", user: "shop" },
    url: /^postgresql:\/\/shop:[^:@]+@[\w-]+:5432\/shop$/,
  },
  MySql: {
    inputs: { database: "shop", user: "shop" },
    url: /^mysql:\/\/shop:[^:@]+@[\w-]+:3306\/shop$/,
    hasRoot: true,
  },
  MariaDb: {
    inputs: { database: "shop", user: "shop" },
    url: /^mariadb:\/\/shop:[^:@]+@[\w-]+:3306\/shop$/,
    hasRoot: true,
  },
  Mongo: { inputs: { user: "shop" }, url: /^mongodb:\/\/shop:[^:@]+@[\w-]+:27017\/$/ },
  Redis: { inputs: {}, url: /^redis:\/\/default:[^:@]+@[\w-]+:6379$/ },
  LibSql: { inputs: { user: "shop" }, url: /^http:\/\/shop:[^:@]+@[\w-]+:8080$/ },
};
