import { savedDatabases } from "../dokploy/kinds";
import { isUnknown } from "../pulumi/unknown";
import { ownerRule, serviceNameRule } from "../simple/rules";
import { composeLogin, loginProblem } from "./login";
import { WEB_SERVER } from "./web-server";

type Values = Readonly<Record<string, unknown>>;
type Rule = (inputs: object) => string | false | undefined;

const inCompose: readonly unknown[] = Object.keys(composeLogin.shape);

/** Rules for the inputs of a backup, which return the mistake if there is one. */
export const backupRules = {
  database: (inputs) => {
    const { database, databaseType, libsqlId } = inputs as Values;
    const needsNone = libsqlId !== undefined || databaseType === WEB_SERVER;
    return database === undefined && !needsNone && "is missing: the service may have several databases";
  },
  databaseType: (inputs) => {
    const { composeId, databaseType } = inputs as Values;
    if (composeId === undefined) return ownerRule(databaseType, inputs, savedDatabases);
    if (isUnknown(databaseType)) return false;
    return !inCompose.includes(databaseType) && `is needed for a compose service: ${inCompose.join(", ")}`;
  },
  serviceName: serviceNameRule,
  metadata: (inputs) => {
    const { composeId, databaseType, metadata } = inputs as Values;
    if (composeId !== undefined)
      return inCompose.includes(databaseType) && loginProblem(databaseType, metadata);
    return (
      metadata !== undefined && "is only for a compose service: Dokploy knows the logins of its own databases"
    );
  },
  includeEncryptionKey: (inputs) => {
    const { databaseType, includeEncryptionKey } = inputs as Values;
    const isOfDokploy = databaseType === WEB_SERVER;
    return includeEncryptionKey !== undefined && !isOfDokploy && "is only for the backup of Dokploy itself";
  },
} as const satisfies Readonly<Record<string, Rule>>;
