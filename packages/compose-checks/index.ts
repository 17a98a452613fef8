export {
  type ComposeFile,
  type ComposeRule,
  checkComposeFile,
  composeRules,
  type Finding,
  type RuleLevel,
  type RuleLevels,
} from "./checks";
