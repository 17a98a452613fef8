import { PreviewStory } from "./preview-story";

describe("previews after a run that was killed once the service existed", function () {
  this.timeout(240_000);
  const shop = new PreviewStory();

  for (const endpoint of ["application.deploy", "schedule.create", "schedule.runManually"]) {
    it(`at ${endpoint}, are completed by the next one`, () => shop.completedAfter(endpoint));
  }
});
