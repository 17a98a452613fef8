export { placeOfTemplates, readTemplates, stagesOfProject } from "./choice";
export type { TemplateService } from "./hosts";
export { filesOfTemplates } from "./made";
export { ownTemplates } from "./source";
