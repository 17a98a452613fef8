import * as assert from "node:assert/strict";
import { Example } from "./example";
import { Story } from "./story";

interface Service {
  name: string;
  applicationId?: string;
  composeId?: string;
}
interface Project {
  name: string;
  environments: { applications: Service[]; compose: Service[] }[];
}

/** An example, a server and an empty state, which each test of a file begins anew. */
export class ExamplesStory {
  private begun: Story | undefined;
  private example: Example | undefined;

  constructor() {
    beforeEach(async () => {
      this.begun = await Story.begin();
    });
    afterEach(() => this.begun?.end());
  }

  get story(): Story {
    return this.begun ?? assert.fail("the test has not begun");
  }

  get checkedOut(): Example {
    return this.example ?? assert.fail("no example is checked out");
  }

  readonly checkOut = (folder: string): void => {
    this.example = new Example(this.story, folder);
  };
  readonly pulumi = (command: string): Promise<string> => this.checkedOut.pulumi(command);
  readonly edit = (file: string, from: string, to: string): void => this.checkedOut.edit(file, from, to);

  readonly projects = (): Promise<Project[]> => this.story.byHand<Project[]>("project.all", {});

  /** The variables in the containers of a service, by the names of its project and of itself. */
  readonly running = async (
    projectName: string,
    name: string,
  ): Promise<Record<string, string> | undefined> => {
    const { environments = [] } =
      (await this.projects()).find((project) => project.name === projectName) ?? {};
    const services = environments.flatMap(({ applications, compose }) => [...applications, ...compose]);
    const service = services.find((candidate) => candidate.name === name);
    return this.story.emulator.containerEnv(service?.applicationId ?? service?.composeId ?? "");
  };
}
