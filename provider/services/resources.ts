import { z } from "zod";
import type { Column } from "../dokploy/columns";
import {
  bytesToSize,
  cpus,
  cpusToNano,
  type FieldSpec,
  keptIn,
  nanoToCpus,
  size,
  sizeToBytes,
} from "../schema/fields";

type Own = Column<"application" | "postgres">;
const { field } = keptIn<"application" | "postgres">();

/**
 * Limits and reservations of each container.
 *
 * @param apply what a change of them needs
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
    /** Most memory a container may use, e.g. `"512MiB"`. */
    memoryLimit: field(size.optional(), bytes("memoryLimit")),
    /** Memory that is set aside for a container. */
    memoryReservation: field(size.optional(), bytes("memoryReservation")),
    /** Most CPUs a container may use, e.g. `0.5`. */
    cpuLimit: field(cpus.optional(), nanoCpus("cpuLimit")),
    /** CPUs that are set aside for a container. */
    cpuReservation: field(cpus.optional(), nanoCpus("cpuReservation")),
  });
}
