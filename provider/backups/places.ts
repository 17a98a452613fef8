/** Where backups lie in a bucket: `<name of the service>/<prefix>/`. */

import { z } from "zod";
import { field } from "../simple/spec";

/** What Dokploy puts between the name of the service and that of the file, as it reads it: without slashes around. */
function canonical(prefix: string): string {
  return (
    prefix
      .trim()
      .replace(/^\/+/, "")
      .replace(/(?<!\/)\/+$/, "") || "/"
  );
}

const segment = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9._=@:+-]{1,200}";
const prefixPattern = new RegExp(`^(?:/|${segment}(?:/${segment}){0,20})$`);

/** The inputs that say where the files of a backup lie, and how many of them stay. */
export const placed = {
  prefix: field(
    z
      .string()
      .regex(
        prefixPattern,
        "is not a folder such as nightly or shop/nightly, of letters, digits and . _ = @ : + - with no slash around it; / is for none",
      ),
    { default: "/", read: canonical },
  ),
  keepLatestCount: field(z.number().int().min(1), {
    default: null,
    // The web interface saves 0 for none.
    read: (count: number) => (count === 0 ? undefined : count),
  }),
};

/** A service of a compose file, which stands in commands on the server. */
export const composeServiceName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/, "is not the name of a service in a compose file");
