import { z } from "zod";
import { type Endpoints, mutation } from "../instance/endpoint";
import { notFound } from "../instance/errors";
import { someText } from "../instance/schema";

export const scheduleEndpoints: Endpoints = {
  /** Runs the command in the container of the service, and responds at its end. A command with `exit 1` fails. */
  "schedule.runManually": mutation(z.object({ scheduleId: someText }), (instance, { scheduleId }) => {
    const row = instance.simple("schedule").get(scheduleId);
    if (row === undefined) throw notFound("Schedule");
    const command = String(row["command"]);
    const fails = /\bexit [1-9]/.test(command);
    const { deploymentId, status, logPath } = instance.deployments.addRun(
      { id: scheduleId, appName: String(row["appName"]) },
      {
        status: fails ? "error" : "done",
        log: `docker exec 4c1f ${String(row["shellType"])} -c ${command}\n${fails ? "❌ Command failed\n" : "✅ Command executed successfully\n"}`,
      },
    );
    return { status, deploymentId, logPath };
  }),
};
