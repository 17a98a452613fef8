// Written by `npm run docs` from provider/dokploy/kinds.ts. Do not edit

/** Id of the object that one belongs to, by the kind of that object. */
export interface ParentId<Id> {
  /** Id of the application that it belongs to. A change replaces it. */
  applicationId: Id;
  /** Id of the compose service that it belongs to. A change replaces it. */
  composeId: Id;
  /** Id of the Postgres database that it belongs to. A change replaces it. */
  postgresId: Id;
  /** Id of the MySQL database that it belongs to. A change replaces it. */
  mysqlId: Id;
  /** Id of the MariaDB database that it belongs to. A change replaces it. */
  mariadbId: Id;
  /** Id of the MongoDB database that it belongs to. A change replaces it. */
  mongoId: Id;
  /** Id of the Redis database that it belongs to. A change replaces it. */
  redisId: Id;
  /** Id of the libSQL database that it belongs to. A change replaces it. */
  libsqlId: Id;
  /** Id of the server that it belongs to. A change replaces it. */
  serverId: Id;
}

/** Ids of which an object gives the one of the object that it belongs to. */
export interface PossibleParentId<Id> {
  /** Id of the application, if it belongs to one. A change replaces it. */
  applicationId: Id;
  /** Id of the compose service, if it belongs to one. A change replaces it. */
  composeId: Id;
  /** Id of the Postgres database, if it belongs to one. A change replaces it. */
  postgresId: Id;
  /** Id of the MySQL database, if it belongs to one. A change replaces it. */
  mysqlId: Id;
  /** Id of the MariaDB database, if it belongs to one. A change replaces it. */
  mariadbId: Id;
  /** Id of the MongoDB database, if it belongs to one. A change replaces it. */
  mongoId: Id;
  /** Id of the Redis database, if it belongs to one. A change replaces it. */
  redisId: Id;
  /** Id of the libSQL database, if it belongs to one. A change replaces it. */
  libsqlId: Id;
  /** Id of the server, if it belongs to one. A change replaces it. */
  serverId: Id;
}

/** Id of an object with variables: one of these. */
export type TargetIds<Id> = [
  {
    /** Id of the application. */
    applicationId: Id;
  },
  {
    /** Id of the compose service. */
    composeId: Id;
  },
  {
    /** Id of the project, whose services refer to the variables as `${{project.NAME}}`. */
    projectId: Id;
  },
  {
    /** Id of the environment, whose services refer to the variables as `${{environment.NAME}}`. */
    environmentId: Id;
  },
  {
    /** Id of the Postgres database. */
    postgresId: Id;
  },
  {
    /** Id of the MySQL database. */
    mysqlId: Id;
  },
  {
    /** Id of the MariaDB database. */
    mariadbId: Id;
  },
  {
    /** Id of the MongoDB database. */
    mongoId: Id;
  },
  {
    /** Id of the Redis database. */
    redisId: Id;
  },
  {
    /** Id of the libSQL database. */
    libsqlId: Id;
  },
];
