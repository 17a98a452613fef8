/** Reads templates of Dokploy, and makes the files of a service from each. */
export { placeOfTemplates, readTemplates, stagesOfProject } from "./choice";
export type { TemplateService } from "./hosts";
export { filesOfTemplates } from "./made";
export { ownTemplates } from "./source";
