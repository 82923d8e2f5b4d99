/** The list of resource kinds and of their actions: the lines a new resource adds outside its own file. */
import { accountAttributeActions } from './account-attribute.ts'
import { associationActions } from './address-association.ts'
import { address, addressActions } from './address.ts'
import { clientToken } from './client-token.ts'
import { accountRegion, defaultVpcActions } from './default-vpc.ts'
import { imageActions } from './image.ts'
import { instanceAttributeActions } from './instance-attribute.ts'
import { instanceConnectEndpoint, instanceConnectEndpointActions } from './instance-connect-endpoint.ts'
import { instanceConsoleActions } from './instance-console.ts'
import { describeInstanceActions } from './instance-describe.ts'
import { instanceDnsOptionActions } from './instance-dns-options.ts'
import { instanceMetadataOptionActions } from './instance-metadata-options.ts'
import { instanceMonitoringActions } from './instance-monitoring.ts'
import { runInstancesActions } from './instance-run.ts'
import { instanceStateActions } from './instance-state.ts'
import { instanceStatusActions } from './instance-status.ts'
import { instanceTypeActions } from './instance-type.ts'
import { instance } from './instance.ts'
import { internetGateway, internetGatewayActions } from './internet-gateway.ts'
import { keyPair, keyPairActions } from './key-pair.ts'
import { natGatewayActions } from './nat-gateway-life.ts'
import { natGateway } from './nat-gateway.ts'
import { networkAclEntryActions } from './network-acl-entry.ts'
import { networkAcl, networkAclActions } from './network-acl.ts'
import { attachmentActions } from './network-interface-attachment.ts'
import { interfaceAttributeActions } from './network-interface-attribute.ts'
import {
  networkInsightsAccessScopeAnalysis,
  networkInsightsAccessScopeAnalysisActions,
} from './network-insights-access-scope-analysis.ts'
import { networkInsightsAccessScope, networkInsightsAccessScopeActions } from './network-insights-access-scope.ts'
import { networkInsightsAnalysis, networkInsightsAnalysisActions } from './network-insights-analysis.ts'
import { networkInsightsPath, networkInsightsPathActions } from './network-insights-path.ts'
import { networkInterface, networkInterfaceActions } from './network-interface.ts'
import { type AnyKind, register } from './kinds.ts'
import { prefixListChangeActions } from './prefix-list-change.ts'
import { prefixListUseActions } from './prefix-list-use.ts'
import { prefixList, prefixListActions } from './prefix-list.ts'
import { pushedKey } from './pushed-key.ts'
import type { Handlers } from './resource.ts'
import { routeTableAssociationActions } from './route-table-association.ts'
import { routeTable, routeTableActions } from './route-table.ts'
import { routeActions } from './route.ts'
import { authorizationActions } from './security-group-authorization.ts'
import { groupReferenceActions } from './security-group-references.ts'
import { ruleChangeActions } from './security-group-rule-change.ts'
import { securityGroupRule, securityGroupRuleActions } from './security-group-rule.ts'
import { securityGroup, securityGroupActions } from './security-group.ts'
import { subnetCidrActions } from './subnet-cidr.ts'
import { subnet, subnetActions } from './subnet.ts'
import { tagActions } from './tag.ts'
import { volume, volumeActions } from './volume.ts'
import { vpcCidrActions } from './vpc-cidr.ts'
import { vpcPeeringConnection } from './vpc-peering-connection.ts'
import { vpcPeeringOptionActions } from './vpc-peering-options.ts'
import { vpcPeeringActions } from './vpc-peering-request.ts'
import { vpc, vpcActions } from './vpc.ts'
import { zoneActions } from './zone.ts'

/** In the order of dependence: what a kind refers to comes before it where it can. */
register([
  vpc,
  vpcPeeringConnection,
  prefixList,
  securityGroup,
  securityGroupRule,
  routeTable,
  networkAcl,
  subnet,
  internetGateway,
  instanceConnectEndpoint,
  natGateway,
  networkInterface,
  keyPair,
  instance,
  pushedKey,
  address,
  volume,
  networkInsightsPath,
  networkInsightsAnalysis,
  networkInsightsAccessScope,
  networkInsightsAccessScopeAnalysis,
  accountRegion,
  clientToken,
] as unknown as readonly AnyKind[])

const tables: readonly Handlers[] = [
  vpcActions,
  vpcCidrActions,
  vpcPeeringActions,
  vpcPeeringOptionActions,
  securityGroupActions,
  securityGroupRuleActions,
  authorizationActions,
  ruleChangeActions,
  groupReferenceActions,
  tagActions,
  subnetActions,
  subnetCidrActions,
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
  addressActions,
  associationActions,
  keyPairActions,
  runInstancesActions,
  describeInstanceActions,
  instanceStateActions,
  instanceStatusActions,
  instanceAttributeActions,
  instanceMetadataOptionActions,
  instanceDnsOptionActions,
  instanceMonitoringActions,
  instanceConsoleActions,
  instanceConnectEndpointActions,
  instanceTypeActions,
  imageActions,
  volumeActions,
  networkInsightsPathActions,
  networkInsightsAnalysisActions,
  networkInsightsAccessScopeActions,
  networkInsightsAccessScopeAnalysisActions,
  zoneActions,
  defaultVpcActions,
  accountAttributeActions,
]

/** Every action that Isthmus carries out. (Merged at run time: the type of so many spreads takes minutes to check.) */
export const actions: Handlers = Object.assign({}, ...tables)
