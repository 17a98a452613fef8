import { z } from "zod";
import type { Column } from "../../dokploy";
import { type FieldSpec, id, keptIn, nonEmptyText } from "../../schema";

type Both = Column<"application" | "compose">;
const { field } = keptIn<"application" | "compose">();

const none = (column: Both): FieldSpec<Both> => ({ column, apply: "none", reset: null });

/** Inputs for the name and place of a service, common to applications and compose services. */
export const identity = {
  /** Name shown in Dokploy; unique among the services of its kind in the environment. */
  name: field(nonEmptyText, none("name")),
  /** Description shown in Dokploy. */
  description: field(z.string().optional(), none("description")),
  /** Image shown in Dokploy, as a URL or a data URL (at most 2 MB). */
  icon: field(z.string().max(2_097_152).optional(), none("icon")),
  /**
   * Start of the name inside Docker (service or project, host name, folder), which random characters follow. A change
   * replaces the service. Default: the kind of the service.
   */
  appNamePrefix: field(
    z
      .string()
      .regex(/^[a-zA-Z0-9._-]{1,63}$/, "may have 1 to 63 letters, digits and . _ -")
      .optional(),
    { apply: "none", replace: true },
  ),
  /**
   * Id of the server that it runs on. A change replaces the service, and volumes stay on the former server. Databases,
   * and compose services with volumes, refuse such a change unless the program allows it. Default: Dokploy's own
   * machine.
   */
  serverId: field(id.optional(), { column: "serverId", apply: "none", replace: true }),
};
