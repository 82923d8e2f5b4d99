/** Which service a call is of, as people name them. */

/** The first that fits. */
const SERVICES: readonly (readonly [RegExp, string])[] = [
  [/^(Connect|SendSSHPublicKey)$|InstanceConnect/, 'EC2 Instance Connect'],
  [/Address(es)?$|AddressTransfer/, 'Elastic IP'],
  [/PeeringConnection/, 'VPC peering'],
  [/SecurityGroup/, 'Security groups'],
  [/NetworkAcl/, 'Network ACLs'],
  [/Route/, 'Route tables'],
  [/NatGateway/, 'NAT gateways'],
  [/Vpc|Subnet|InternetGateway|DhcpOptions|PrefixList|NetworkInterface/, 'Amazon VPC'],
]

/** Service → its actions, in alphabetical order, and how often. */
export function servicesOf(
  actions: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly (readonly [string, number])[]> {
  const sorted = [...actions].toSorted(([one], [other]) => one.localeCompare(other))
  const all = Map.groupBy(sorted, ([action]) => SERVICES.find(([form]) => form.test(action))?.[1] ?? 'Amazon EC2')
  return new Map([...all].toSorted(([one], [other]) => one.localeCompare(other)))
}
