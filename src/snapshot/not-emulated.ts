/** Top-level keys beyond those that are read: what they hold, and what follows from its not being here. */

interface Effect {
  /** What the items are, in the plural. */
  readonly what: string
  /** The field with an item's id. */
  readonly id: string
  readonly effect: string
}

const BLACKHOLES = 'routes to them are blackholes here'
const NOBODY = 'nothing is behind them here; their interfaces are hosts that answer'

/** Each with something that packets meet in AWS, and do not meet here. */
export const NOT_EMULATED: Readonly<Record<string, Effect>> = {
  TransitGateways: { what: 'transit gateways', id: 'TransitGatewayId', effect: BLACKHOLES },
  TransitGatewayAttachments: attachments('TransitGatewayAttachmentId'),
  TransitGatewayVpcAttachments: attachments('TransitGatewayAttachmentId'),
  TransitGatewayPeeringAttachments: attachments('TransitGatewayAttachmentId'),
  TransitGatewayConnects: attachments('TransitGatewayAttachmentId'),
  TransitGatewayRouteTables: {
    what: 'route tables of transit gateways',
    id: 'TransitGatewayRouteTableId',
    effect: 'nothing passes a transit gateway here',
  },
  VpnConnections: { what: 'VPN connections', id: 'VpnConnectionId', effect: BLACKHOLES },
  VpnGateways: { what: 'virtual private gateways', id: 'VpnGatewayId', effect: BLACKHOLES },
  CustomerGateways: { what: 'customer gateways', id: 'CustomerGatewayId', effect: 'nothing leads to them here' },
  VpcEndpoints: { what: 'VPC endpoints', id: 'VpcEndpointId', effect: `${BLACKHOLES}, and ${NOBODY}` },
  CarrierGateways: { what: 'carrier gateways', id: 'CarrierGatewayId', effect: BLACKHOLES },
  LocalGateways: { what: 'local gateways', id: 'LocalGatewayId', effect: BLACKHOLES },
  LoadBalancers: { what: 'load balancers', id: 'LoadBalancerArn', effect: NOBODY },
  LoadBalancerDescriptions: { what: 'load balancers', id: 'LoadBalancerName', effect: NOBODY },
  TargetGroups: { what: 'target groups', id: 'TargetGroupArn', effect: 'load balancers forward nothing here' },
  Listeners: { what: 'listeners', id: 'ListenerArn', effect: 'load balancers forward nothing here' },
  DBInstances: { what: 'databases', id: 'DBInstanceIdentifier', effect: NOBODY },
  Firewalls: { what: 'network firewalls', id: 'FirewallArn', effect: BLACKHOLES },
}

function attachments(id: string): Effect {
  return { what: 'transit gateway attachments', id, effect: BLACKHOLES }
}

/** Known, and nothing that a packet meets. */
export const MEANINGLESS: ReadonlySet<string> = new Set([
  ...['NextToken', 'ResponseMetadata', 'Tags', 'KeyPairs', 'Volumes', 'Snapshots', 'Images', 'FlowLogs'],
  ...['AvailabilityZones', 'Regions', 'AccountAttributes', 'InstanceStatuses', 'InstanceTypes', 'LaunchTemplates'],
  ...['PlacementGroups', 'AddressTransfers', 'NetworkInterfacePermissions', 'StaleSecurityGroupSet'],
  ...['SecurityGroupReferenceSet', 'NetworkInsightsPaths', 'NetworkInsightsAnalyses'],
])
