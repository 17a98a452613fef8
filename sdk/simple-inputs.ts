// biome-ignore-all format: written by `npm run docs` from the simple objects in provider/resources; not to be edited

import type { z } from "zod";
import type { backup } from "../provider/resources/backup";
import type { destination } from "../provider/resources/destination";
import type { bitbucketProvider } from "../provider/resources/bitbucket-provider";
import type { domain } from "../provider/resources/domain";
import type { giteaProvider } from "../provider/resources/gitea-provider";
import type { gitlabProvider } from "../provider/resources/gitlab-provider";
import type { organization } from "../provider/resources/organization";
import type { notification } from "../provider/resources/notification";
import type { port } from "../provider/resources/port";
import type { redirect } from "../provider/resources/redirect";
import type { registry } from "../provider/resources/registry";
import type { schedule } from "../provider/resources/schedule";
import type { security } from "../provider/resources/security";
import type { volumeBackup } from "../provider/resources/volume-backup";
import type { sshKey } from "../provider/resources/ssh-key";
import type { tag } from "../provider/resources/tag";

export type BackupInputs = z.infer<typeof backup.schema>;
export type DestinationInputs = z.infer<typeof destination.schema>;
export type BitbucketProviderInputs = z.infer<typeof bitbucketProvider.schema>;
export type DomainInputs = z.infer<typeof domain.schema>;
export type GiteaProviderInputs = z.infer<typeof giteaProvider.schema>;
export type GiteaProviderOutputs = z.infer<typeof giteaProvider.outputs>;
export type GitlabProviderInputs = z.infer<typeof gitlabProvider.schema>;
export type GitlabProviderOutputs = z.infer<typeof gitlabProvider.outputs>;
export type OrganizationInputs = z.infer<typeof organization.schema>;
export type NotificationInputs = z.infer<typeof notification.schema>;
export type PortInputs = z.infer<typeof port.schema>;
export type RedirectInputs = z.infer<typeof redirect.schema>;
export type RegistryInputs = z.infer<typeof registry.schema>;
export type ScheduleInputs = z.infer<typeof schedule.schema>;
export type SecurityInputs = z.infer<typeof security.schema>;
export type VolumeBackupInputs = z.infer<typeof volumeBackup.schema>;
export type SshKeyInputs = z.infer<typeof sshKey.schema>;
export type SshKeyOutputs = z.infer<typeof sshKey.outputs>;
export type TagInputs = z.infer<typeof tag.schema>;
