export { readApp } from "./app-file";
export { attachedKinds, attachedLabel, attachedLists } from "./attached-lists";
export { DeploymentRepository, type DeploymentRepositoryArgs } from "./deployment-repository";
export { isTag, placeholder, tagVariable } from "./image-tag";
export { appFileName, readLayout } from "./layout";
export { previewStack, previewStage, previewVolume, seedName } from "./preview-names";
export { isPreviewNumber, layoutOf, type Rules, readRules } from "./preview-rules";
export type { PreviewRules } from "./preview-schema";
export { variablesBesideFiles } from "./services";
