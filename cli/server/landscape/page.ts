import { counted } from "../../../packages/text";
import { badge, box, code, drawn, element, fold, type Html, joined, table } from "../../page";
import type { CoveredObject } from "../coverage/objects";
import type { Landscape, ServerFacts } from "./read";

/** Shows a picture of each environment, and in words which object refers to which. */
export function picturesPart({ landscapes, unread }: Pick<ServerFacts, "landscapes" | "unread">): Html {
  if (landscapes.length === 0) return element("p", {}, "The server has no services.");
  const missing = unread.map(({ kind, reason }) => element("li", {}, `${kind}: ${reason}`));
  return joined(
    landscapes.map(pictureOf),
    missing.length === 0 ? undefined : box("warn", element("p", {}, "Not read:"), element("ul", {}, missing)),
  );
}

function pictureOf({ project, environment, picture, links }: Landscape): Html {
  const place = `${project} / ${environment}`;
  const label = `Picture of ${place}: ${counted(picture.nodes.length, "box")}, ${counted(links.length, "line")}. The list below it has the same in words.`;
  const rows = links.map(({ from, to, by }) => [code(from), code(to), by]);
  const words = table(
    { caption: `Which refers to which in ${place}`, heads: ["From", "To", "How"], rows },
    place,
  );
  return joined(
    element("h3", {}, code(project), " / ", code(environment)),
    drawn(picture, label),
    links.length === 0 ? undefined : fold(`In words: ${counted(links.length, "reference")}`, words),
  );
}

/** Shows the backups of a server, and the objects with data that no backup covers. */
export function backupsPart({
  backups,
  withoutBackup,
  knowsStacks,
}: Pick<ServerFacts, "backups" | "withoutBackup" | "knowsStacks">): Html {
  const manager = knowsStacks ? ["Managed by"] : [];
  const managerOf = ({ stack }: CoveredObject) =>
    knowsStacks ? [stack === undefined ? "no stack" : code(stack)] : [];
  const lacking = withoutBackup.map((object) => {
    const { project = "", kind, name, id } = object;
    return [
      code(name === "" ? id : name),
      kind,
      project === "" ? "–" : code(project),
      ...managerOf(object),
      badge("bad", "no backup"),
    ];
  });
  return joined(
    lacking.length === 0
      ? box("good", element("p", {}, "A backup covers every database and every volume that is known."))
      : table(
          {
            caption: "Data that no enabled backup covers",
            heads: ["Name", "Kind", "Project", ...manager, "Backup"],
            rows: lacking,
          },
          "Data without a backup",
        ),
    backups.length === 0
      ? undefined
      : table(
          {
            caption: "Backups",
            heads: ["Of", "Kind", "Project", "Schedule", ...manager],
            rows: backups.map(({ object, of, schedule, isEnabled }) => [
              of === undefined ? "Dokploy itself" : code(of.name),
              object.kind,
              of?.project === undefined ? "–" : code(of.project),
              [code(schedule), isEnabled ? undefined : [" ", badge("warn", "switched off")]],
              ...managerOf(object),
            ]),
          },
          "Backups",
        ),
  );
}
