export { type ComposeFile, checkComposeFile, type Finding, type WrittenFile } from "./check";
export { type Container, containersOf } from "./containers";
export { mayHaveData } from "./data";
export { readDocument } from "./document";
export { environmentsOf } from "./environments";
export { parseTemplate, type Segment } from "./interpolation";
export { mountedFiles } from "./kept-files";
export { commandsOf, literalsOf, settingsIn } from "./literals";
export { ofDeletion, ofReplacement, volumesOf } from "./losses";
export { activeProfiles, startsWith } from "./profiles";
export {
  type ComposeRule,
  composeRuleNames,
  composeRules,
  type RuleLevel,
  type RuleLevels,
  ruleLevels,
  unknownRules,
} from "./rules";
export { type Safeguards, safeguardsOf } from "./safeguards";
export { saySame } from "./same";
export { type LacksService, lacksService } from "./service-names";
export { stoppedFirst } from "./stopping";
export { ComposeVariables, servicesOf } from "./subject";
export { usesOf } from "./uses";
