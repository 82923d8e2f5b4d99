/** The list of resource kinds and of their actions: the lines a new resource adds outside its own file. */
import { accountAttributeActions } from './account-attribute.ts'
import { associationActions } from './address-association.ts'
import { addressAttributeActions } from './address-attribute.ts'
import { classicAddressActions } from './address-classic.ts'
import { addressActions } from './address-life.ts'
import { releasedAddress } from './address-recovery.ts'
import { addressTransfer, addressTransferActions } from './address-transfer.ts'
import { address } from './address.ts'
import { clientToken } from './client-token.ts'
import { accountRegion, defaultVpcActions } from './default-vpc.ts'
import { dhcpOptions, dhcpOptionsActions } from './dhcp-options.ts'
import { egressOnlyInternetGateway, egressOnlyInternetGatewayActions } from './egress-only-internet-gateway.ts'
import { imageActions } from './image-describe.ts'
import { instanceAttributeActions } from './instance-attribute.ts'
import { instanceConnectEndpoint, instanceConnectEndpointActions } from './instance-connect-endpoint.ts'
import { idFormatActions } from './id-format.ts'
import { instanceConsoleActions } from './instance-console.ts'
import { instanceCpuOptionActions } from './instance-cpu-options.ts'
import { instanceCreditActions } from './instance-credits.ts'
import { describeInstanceActions } from './instance-describe.ts'
import { instanceDnsOptionActions } from './instance-dns-options.ts'
import { instanceImageMetadataActions } from './instance-image-metadata.ts'
import { instanceMaintenanceActions } from './instance-maintenance.ts'
import { instanceMetadataDefaultActions, instanceMetadataDefaults } from './instance-metadata-defaults.ts'
import { instanceMetadataOptionActions } from './instance-metadata-options.ts'
import { instanceMonitoringActions } from './instance-monitoring.ts'
import { instancePlacementActions } from './instance-placement.ts'
import { instanceProfileActions } from './instance-profile.ts'
import { runInstancesActions } from './instance-run.ts'
import { instanceStateActions } from './instance-state.ts'
import { instanceStatusActions } from './instance-status.ts'
import { instanceTypeActions } from './instance-type-describe.ts'
import { instanceTypeRequirementActions } from './instance-type-requirements.ts'
import { instance } from './instance.ts'
import { internetGateway, internetGatewayActions } from './internet-gateway.ts'
import { keyPair, keyPairActions } from './key-pair.ts'
import { natGatewayActions } from './nat-gateway-life.ts'
import { natGateway } from './nat-gateway.ts'
import { networkAclEntryActions } from './network-acl-entry.ts'
import { networkAcl, networkAclActions } from './network-acl.ts'
import { attachmentActions } from './network-interface-attachment.ts'
import { interfaceAddressActions } from './network-interface-addresses.ts'
import { interfaceAttributeActions } from './network-interface-attribute.ts'
import { networkInterfaceActions } from './network-interface-life.ts'
import { interfacePermissionActions, networkInterfacePermission } from './network-interface-permission.ts'
import {
  networkInsightsAccessScopeAnalysis,
  networkInsightsAccessScopeAnalysisActions,
} from './network-insights-access-scope-analysis.ts'
import { networkInsightsAccessScope, networkInsightsAccessScopeActions } from './network-insights-access-scope.ts'
import { networkInsightsAnalysis, networkInsightsAnalysisActions } from './network-insights-analysis.ts'
import { networkInsightsPath, networkInsightsPathActions } from './network-insights-path.ts'
import { networkInterface } from './network-interface.ts'
import { type AnyKind, register } from './kinds.ts'
import { prefixListChangeActions } from './prefix-list-change.ts'
import { prefixListUseActions } from './prefix-list-use.ts'
import { prefixList, prefixListActions } from './prefix-list.ts'
import { pushedKey } from './pushed-key.ts'
import type { Handlers } from './resource.ts'
import { routeActions } from './route-change.ts'
import { routeTableAssociationActions } from './route-table-association.ts'
import { routeTable, routeTableActions } from './route-table.ts'
import { authorizationActions } from './security-group-authorization.ts'
import { groupReferenceActions } from './security-group-references.ts'
import { ruleChangeActions } from './security-group-rule-change.ts'
import { securityGroupRule, securityGroupRuleActions } from './security-group-rule.ts'
import { groupVpcActions, securityGroupVpcAssociation } from './security-group-vpc-association.ts'
import { securityGroup, securityGroupActions } from './security-group.ts'
import { subnetCidrReservation, subnetCidrReservationActions } from './subnet-cidr-reservation.ts'
import { subnetCidrActions } from './subnet-cidr.ts'
import { subnet, subnetActions } from './subnet.ts'
import { tagActions } from './tag.ts'
import { volumeStatusActions } from './volume-status.ts'
import { volume, volumeActions } from './volume.ts'
import {
  vpcBlockPublicAccessExclusion,
  vpcBlockPublicAccessExclusionActions,
} from './vpc-block-public-access-exclusion.ts'
import { vpcBlockPublicAccessOptionActions, vpcBlockPublicAccessOptions } from './vpc-block-public-access-options.ts'
import { vpcAttributeActions } from './vpc-attribute.ts'
import { vpcCidrActions } from './vpc-cidr.ts'
import { vpcClassicLinkActions } from './vpc-classic-link.ts'
import { vpcPeeringConnection } from './vpc-peering-connection.ts'
import { vpcPeeringOptionActions } from './vpc-peering-options.ts'
import { vpcPeeringActions } from './vpc-peering-request.ts'
import { vpc, vpcActions } from './vpc.ts'
import { zoneActions } from './zone.ts'

/** In the order of dependence: what a kind refers to comes before it where it can. */
register([
  dhcpOptions,
  vpc,
  vpcPeeringConnection,
  prefixList,
  securityGroup,
  securityGroupRule,
  securityGroupVpcAssociation,
  routeTable,
  networkAcl,
  subnet,
  subnetCidrReservation,
  internetGateway,
  egressOnlyInternetGateway,
  instanceConnectEndpoint,
  natGateway,
  networkInterface,
  networkInterfacePermission,
  keyPair,
  instance,
  pushedKey,
  address,
  addressTransfer,
  releasedAddress,
  volume,
  networkInsightsPath,
  networkInsightsAnalysis,
  networkInsightsAccessScope,
  networkInsightsAccessScopeAnalysis,
  vpcBlockPublicAccessOptions,
  vpcBlockPublicAccessExclusion,
  accountRegion,
  instanceMetadataDefaults,
  clientToken,
] as unknown as readonly AnyKind[])

/** Actions of what packets meet: a change shows in the network. */
const carryPackets: readonly Handlers[] = [
  vpcActions,
  vpcAttributeActions,
  vpcCidrActions,
  vpcPeeringActions,
  vpcPeeringOptionActions,
  securityGroupActions,
  securityGroupRuleActions,
  authorizationActions,
  ruleChangeActions,
  groupReferenceActions,
  groupVpcActions,
  subnetActions,
  routeTableActions,
  routeTableAssociationActions,
  routeActions,
  prefixListActions,
  prefixListChangeActions,
  prefixListUseActions,
  internetGatewayActions,
  natGatewayActions,
  networkAclActions,
  networkAclEntryActions,
  networkInterfaceActions,
  attachmentActions,
  interfaceAttributeActions,
  interfaceAddressActions,
  addressActions,
  associationActions,
  runInstancesActions,
  describeInstanceActions,
  instanceStateActions,
  instanceAttributeActions,
  instanceMetadataOptionActions,
  instanceDnsOptionActions,
  instanceConnectEndpointActions,
  vpcBlockPublicAccessOptionActions,
  vpcBlockPublicAccessExclusionActions,
  defaultVpcActions,
]

/** Actions of what is kept and shown, and changes no packet's way. */
const keepRecords: readonly Handlers[] = [
  vpcClassicLinkActions,
  dhcpOptionsActions,
  tagActions,
  subnetCidrActions,
  subnetCidrReservationActions,
  egressOnlyInternetGatewayActions,
  interfacePermissionActions,
  addressAttributeActions,
  addressTransferActions,
  classicAddressActions,
  keyPairActions,
  instanceStatusActions,
  instanceMonitoringActions,
  instanceConsoleActions,
  instanceCpuOptionActions,
  instanceCreditActions,
  instanceImageMetadataActions,
  instanceMaintenanceActions,
  instanceMetadataDefaultActions,
  instancePlacementActions,
  instanceProfileActions,
  instanceTypeActions,
  instanceTypeRequirementActions,
  idFormatActions,
  imageActions,
  volumeActions,
  volumeStatusActions,
  networkInsightsPathActions,
  networkInsightsAnalysisActions,
  networkInsightsAccessScopeActions,
  networkInsightsAccessScopeAnalysisActions,
  zoneActions,
  accountAttributeActions,
]

/** Actions that AWS, too, refuses by now, or that Isthmus knows and can not carry out: their handlers only refuse. */
const alwaysRefused: ReadonlySet<string> = new Set([
  'DisableVpcClassicLink',
  'DisableVpcClassicLinkDnsSupport',
  'EnableSerialConsoleAccess',
  'EnableVpcClassicLink',
  'EnableVpcClassicLinkDnsSupport',
  'GetConsoleScreenshot',
  'GetInstanceUefiData',
  'GetPasswordData',
  'ModifyAvailabilityZoneGroup',
  'RestoreAddressToClassic',
  'SendDiagnosticInterrupt',
])

/** Every action that has a handler. (Merged at run time: the type of so many spreads takes minutes to check.) */
export const actions: Handlers = Object.assign({}, ...carryPackets, ...keepRecords)

/** What an action of the EC2 API is here: of what carries packets, of records only, or refused. */
export type Coverage = 'packets' | 'record' | 'refused'

export function coverageOf(action: string): Coverage {
  if (alwaysRefused.has(action) || !Object.hasOwn(actions, action)) return 'refused'
  return carryPackets.some((table) => Object.hasOwn(table, action)) ? 'packets' : 'record'
}
