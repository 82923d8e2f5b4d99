/** How much of everything an account has in a Region, by AWS's defaults (1.12). */

const quotas = {
  vpcs: 5,
  blocksPerVpc: 5,
  ipv6BlocksPerVpc: 5,
  subnetsPerVpc: 200,
  internetGateways: 5,
  routeTablesPerVpc: 200,
  routesPerTable: 50,
  aclsPerVpc: 200,
  rulesPerAcl: 20,
  securityGroups: 2500,
  rulesPerSecurityGroup: 60,
  securityGroupsPerInterface: 5,
  networkInterfaces: 5000,
  elasticIps: 5,
  natGatewaysPerZone: 5,
  prefixLists: 100,
  entriesPerPrefixList: 1000,
  versionsPerPrefixList: 1000,
  peeringsPerVpc: 50,
  outstandingPeerings: 25,
  instanceConnectEndpointsPerVpc: 1,
  instanceConnectEndpoints: 5,
  networkInsightsPaths: 1000,
  networkInsightsAnalyses: 10_000,
  networkInsightsAccessScopes: 1000,
} as const

export const quota = (name: keyof typeof quotas): number => quotas[name]
