/** How much of everything an account has in a Region, by AWS's defaults (1.12). */

const defaults = {
  vpcs: 5,
  blocksPerVpc: 5,
  ipv6BlocksPerVpc: 5,
  subnetsPerVpc: 200,
  internetGateways: 5,
  egressOnlyInternetGateways: 5,
  routeTablesPerVpc: 200,
  routesPerTable: 50,
  aclsPerVpc: 200,
  rulesPerAcl: 20,
  securityGroups: 2500,
  rulesPerSecurityGroup: 60,
  securityGroupsPerInterface: 5,
  networkInterfaces: 5000,
  keyPairs: 5000,
  elasticIps: 5,
  natGatewaysPerZone: 5,
  prefixLists: 100,
  entriesPerPrefixList: 1000,
  versionsPerPrefixList: 1000,
  peeringsPerVpc: 50,
  outstandingPeerings: 25,
  instanceConnectEndpointsPerVpc: 1,
  instanceConnectEndpoints: 5,
  vpcBlockPublicAccessExclusions: 50,
  networkInsightsPaths: 1000,
  networkInsightsAnalyses: 10_000,
  networkInsightsAccessScopes: 1000,
} as const

export type Quota = keyof typeof defaults

const isQuota = (name: string): name is Quota => Object.hasOwn(defaults, name)

/** What was granted beyond the defaults, for the process as a whole: AWS, too, raises a quota outside the EC2 API. */
const granted = new Map<Quota, number>()

export const quota = (name: Quota): number => granted.get(name) ?? defaults[name]

/** Other numbers than the defaults, by name, for as long as the process runs. Throws RangeError for an unknown name. */
export function grantQuotas(numbers: Readonly<Record<string, number>>): void {
  for (const [name, number] of Object.entries(numbers)) {
    if (!isQuota(name))
      throw new RangeError(`There is no quota ${name}. There are: ${Object.keys(defaults).join(', ')}.`)
    granted.set(name, number)
  }
}
