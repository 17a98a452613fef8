import { PreviewStory } from "./preview-story";

describe("previews after a run that was killed", function () {
  this.timeout(240_000);
  const shop = new PreviewStory();

  for (const endpoint of ["project.create", "postgres.create", "application.create"]) {
    it(`at ${endpoint}, are completed by the next one`, () => shop.completedAfter(endpoint));
  }
});
