/** What a lab can name, and by what it is told from others: the same words select a thing and are read off it. */

/** Kind → the attributes of its things. */
export const ATTRIBUTES = {
  vpc: ['id', 'cidr', 'name', 'default'],
  subnet: ['id', 'vpc', 'cidr', 'zone', 'name', 'routeTable'],
  instance: ['id', 'vpc', 'subnet', 'privateIp', 'publicIp', 'sg', 'state', 'name'],
  routeTable: ['id', 'vpc', 'subnet', 'main', 'name'],
  internetGateway: ['id', 'vpc', 'name'],
  natGateway: ['id', 'vpc', 'subnet', 'publicIp', 'state', 'name'],
  peering: ['id', 'requester', 'accepter', 'between', 'status', 'name'],
  securityGroup: ['id', 'vpc', 'groupName', 'instance', 'name'],
  networkAcl: ['id', 'vpc', 'subnet', 'default', 'name'],
  address: ['id', 'publicIp', 'instance', 'association', 'name'],
} as const satisfies Record<string, readonly string[]>

export type Kind = keyof typeof ATTRIBUTES
export const KINDS = Object.keys(ATTRIBUTES) as readonly Kind[]

/** What people call one. */
export const NOUNS: Readonly<Record<Kind, string>> = {
  vpc: 'VPC',
  subnet: 'subnet',
  instance: 'instance',
  routeTable: 'route table',
  internetGateway: 'internet gateway',
  natGateway: 'NAT gateway',
  peering: 'peering connection',
  securityGroup: 'security group',
  networkAcl: 'network ACL',
  address: 'Elastic IP',
}
