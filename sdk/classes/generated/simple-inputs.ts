// Written by `npm run docs` from the simple objects in provider/resources. Do not edit

import type { z } from "zod";
import type { backup, bitbucketProvider, certificate, destination, domain, giteaProvider, gitlabProvider, mount, network, notification, organization, patch, port, redirect, registry, schedule, security, server, sshKey, tag, vaultProvider, volumeBackup } from "../../../provider/resources";

export type BackupInputs = z.infer<typeof backup.schema>;
export type BitbucketProviderInputs = z.infer<typeof bitbucketProvider.schema>;
export type CertificateInputs = z.infer<typeof certificate.schema>;
export type DestinationInputs = z.infer<typeof destination.schema>;
export type DomainInputs = z.infer<typeof domain.schema>;
export type GiteaProviderInputs = z.infer<typeof giteaProvider.schema>;
export type GiteaProviderOutputs = z.infer<typeof giteaProvider.outputs>;
export type GitlabProviderInputs = z.infer<typeof gitlabProvider.schema>;
export type GitlabProviderOutputs = z.infer<typeof gitlabProvider.outputs>;
export type MountInputs = z.infer<typeof mount.schema>;
export type NetworkInputs = z.infer<typeof network.schema>;
export type NotificationInputs = z.infer<typeof notification.schema>;
export type OrganizationInputs = z.infer<typeof organization.schema>;
export type PatchInputs = z.infer<typeof patch.schema>;
export type PortInputs = z.infer<typeof port.schema>;
export type RedirectInputs = z.infer<typeof redirect.schema>;
export type RegistryInputs = z.infer<typeof registry.schema>;
export type ScheduleInputs = z.infer<typeof schedule.schema>;
export type SecurityInputs = z.infer<typeof security.schema>;
export type ServerInputs = z.infer<typeof server.schema>;
export type SshKeyInputs = z.infer<typeof sshKey.schema>;
export type SshKeyOutputs = z.infer<typeof sshKey.outputs>;
export type TagInputs = z.infer<typeof tag.schema>;
export type VaultProviderInputs = z.infer<typeof vaultProvider.schema>;
export type VolumeBackupInputs = z.infer<typeof volumeBackup.schema>;
