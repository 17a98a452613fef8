import * as assert from "node:assert/strict";
import type { Failure } from "../../../provider/deploy/health-model";
import { hintFor, outputNotes } from "../../../provider/deploy/run-hints";

describe("what to do about a version that does not run", () => {
  const stays = "The new configuration stays saved. Correct it and run the update again.";
  const output = ["it broke"];
  const hint = (failure: Failure, log: readonly string[] = [], isTooLate = false, isKept = true) =>
    hintFor(failure, log, { isTooLate, isKept });

  for (const [reason, detail, start] of [
    [
      "crashed",
      "it ended with exit code 3",
      "Read its output below; a missing or wrong variable is the usual",
    ],
    [
      "crashed",
      "it ended with exit code 126",
      "Read its output below; 126 and 127 mean that a command is not in the image",
    ],
    [
      "crashed",
      "it ended with exit code 127",
      "Read its output below; 126 and 127 mean that a command is not in the image",
    ],
    ["crashed", "it ended with exit code 137", "Read its output below; 137 means that something killed it."],
    ["crashed", "it ended with exit code 1370", "Read its output below; a missing or wrong variable"],
    [
      "unhealthy",
      "its check fails",
      "Read its output below, and check the settings of its health check: command, port, and how long it may take to start. " +
        "A `path` needs wget, curl, node, python3 or bash in the image; for another image, give a `command`.",
    ],
    ["rejected", "No such image: a:1", "Check the name and tag of the image, that it was built or pushed"],
    ["rejected", "invalid mount config", "Correct the problem that Docker names."],
    ["not-started", "no such file", "Check the command, that the image contains it"],
    ["never-placed", "no suitable node", "Check its placement constraints and reservations"],
    ["no-address", "", "A network that it joins is full, usually dokploy-network"],
    ["never-placed", "host-mode port already in use", "Another container uses that port of the server."],
    ["unfinished", "it is starting", "Read its output below."],
  ] as const) {
    it(`says of ${reason}, ${detail}: ${start}`, () => {
      const said = hint({ reason, detail }, output);
      assert.ok(said.startsWith(start) && said.endsWith(` ${stays}`), said);
      const ofPrevious = hint({ reason: "rolled-back", detail, itself: { reason, detail } }, output);
      assert.equal(ofPrevious, said);
      assert.equal(
        hint({ reason, detail }, output, false, false),
        said.replace(stays, "Correct it and run the update again."),
      );
    });
  }

  it("says where to look, whether there is an output or not", () => {
    const failure = { reason: "crashed", detail: "it ended with exit code 3" } as const;
    assert.match(hint(failure), /^Look at the service's Logs tab in Dokploy; /);
    assert.equal(
      hint({ reason: "unfinished", detail: "it is starting" }, [], true),
      "Look at the service's Logs tab in Dokploy. Raise the timeout if it needs longer to start.",
    );
    assert.equal(
      hint({ reason: "exited", detail: "it ended" }, output),
      'Read its output below. If it is meant to end, wait for "deployed" instead of "running", or run it as a job.',
    );
  });

  it("prefers the reason in Docker's message or in the output", () => {
    const failure = { reason: "crashed", detail: "it ended with exit code 126" } as const;
    assert.equal(hint({ ...failure, hint: "Free the port." }), `Free the port. ${stays}`);
    const long = ["exec /bin/sh: Argument list too long"];
    assert.match(
      hint(failure, long),
      /^Its variables are too large for its command: .*131,071 bytes\. The new/,
    );
  });

  it("says why no output is shown, only where nobody's is its own", () => {
    const note = (reason: Failure["reason"], of: "nobody" | "failed" | "unread") =>
      outputNotes({ reason, detail: "" }, { lines: [], of }).join();
    assert.match(
      note("rolled-back", "nobody"),
      /does not show the output of the new version while the old one runs/,
    );
    assert.match(note("crashed", "nobody"), /cannot be distinguished from that of other containers/);
    assert.deepEqual([note("crashed", "failed"), note("rolled-back", "unread")], ["", ""]);
  });
});
