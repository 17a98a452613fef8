import { z } from "zod";
import { type Endpoints, query } from "../instance/endpoint";
import { ApiError } from "../instance/errors";
import { number, text } from "../instance/schema";
import { serviceKinds } from "../instance/services";

export const settingsEndpoints: Endpoints = {
  "settings.getDokployVersion": query(undefined, (instance) => instance.version),
  "settings.health": query(undefined, () => ({ status: "ok" })),

  "auditLog.all": query(
    z.object({ action: text.optional(), limit: number.min(1).max(500).default(50) }),
    ({ audit }, { action, limit }) => {
      if (!audit.isLicensed) throw new ApiError("FORBIDDEN", "Valid enterprise license required");
      return audit.page(action, limit);
    },
  ),

  "overview.services": query(undefined, (instance) =>
    serviceKinds.flatMap((kind) =>
      [...instance.tables[kind.table].values()].map((row) => {
        const environment = instance.environment(String(row["environmentId"]));
        const project = instance.project(environment.projectId);
        const id = String(row[kind.id]);
        return {
          id,
          type: kind.table,
          name: row["name"],
          appName: row["appName"],
          status: row[kind.status],
          createdAt: row["createdAt"],
          serverId: row["serverId"],
          serverName: null,
          projectId: project.projectId,
          projectName: project.name,
          environmentId: environment.environmentId,
          environmentName: environment.name,
          icon: row["icon"] ?? null,
          lastDeployAt: instance.deployments.of(id)[0]?.createdAt ?? null,
        };
      }),
    ),
  ),
};
