import { z } from "zod";
import type { Column } from "../../dokploy";
import { type FieldSpec, keptIn } from "../../schema";
import { bytesToSize, cpus, cpusToNano, nanoToCpus, size, sizeToBytes } from "../types/sizes";

type Own = Column<"application" | "postgres">;
const { field } = keptIn<"application" | "postgres">();

/**
 * Limits and reservations of each container.
 *
 * @param apply action that a change of them needs
 */
export function resourcesOf(apply: "reload" | "deploy") {
  const bytes = (column: Own): FieldSpec<Own> => ({
    column,
    apply,
    reset: null,
    write: sizeToBytes,
    read: bytesToSize,
  });
  const nanoCpus = (column: Own): FieldSpec<Own> => ({
    column,
    apply,
    reset: null,
    write: cpusToNano,
    read: nanoToCpus,
  });
  return z.strictObject({
    /** Maximum amount of memory that a container may use, e.g. `"512MiB"`. Default: no limit. */
    memoryLimit: field(size.optional(), bytes("memoryLimit")),
    /** Memory that is reserved for a container, e.g. `"256MiB"`. Default: none. */
    memoryReservation: field(size.optional(), bytes("memoryReservation")),
    /** Maximum number of CPUs that a container may use, e.g. `0.5`. Default: no limit. */
    cpuLimit: field(cpus.optional(), nanoCpus("cpuLimit")),
    /** CPUs that are reserved for a container. Default: none. */
    cpuReservation: field(cpus.optional(), nanoCpus("cpuReservation")),
  });
}
