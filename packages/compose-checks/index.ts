export { type ComposeFile, checkComposeFile, type Finding } from "./checks/check";
export { type ComposeRule, composeRules, type RuleLevel, type RuleLevels } from "./checks/rules";
