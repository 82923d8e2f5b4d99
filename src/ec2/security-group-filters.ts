/** What DescribeSecurityGroups can be asked for. */
import type { FilterValue } from './resource.ts'
import type { SecurityGroup } from './security-group.ts'
import { rulesOf, type SecurityGroupRule } from './security-group-rule.ts'
import { showTraffic } from './security-group-view.ts'
import type { State } from './state.ts'

type Reader = (g: SecurityGroup, state: State) => FilterValue

const ofRule: Readonly<Record<string, (r: SecurityGroupRule, state: State) => string | number | undefined>> = {
  cidr: (r) => r.cidrIpv4,
  'from-port': (r) => showTraffic(r).FromPort,
  'group-id': (r) => r.referencedGroupId,
  'group-name': (r, state) =>
    r.referencedGroupId === undefined ? undefined : state.get('security-group', r.referencedGroupId)?.groupName,
  'ipv6-cidr': (r) => r.cidrIpv6,
  'prefix-list-id': (r) => r.prefixListId,
  protocol: (r) => r.protocol,
  'to-port': (r) => showTraffic(r).ToPort,
  'user-id': (r) => r.referenced?.account,
}

const rulesWith = (prefix: string, egress: boolean): Record<string, Reader> =>
  Object.fromEntries(
    Object.entries(ofRule).map(([name, read]): [string, Reader] => [
      `${prefix}.${name}`,
      (g, state) =>
        rulesOf(state, g.id)
          .filter((r) => r.egress === egress)
          .map((r) => read(r, state)),
    ]),
  )

export const groupFilters: Readonly<Record<string, Reader>> = {
  'group-id': (g) => g.id,
  'group-name': (g) => g.groupName,
  description: (g) => g.description,
  'owner-id': (g) => g.account,
  'vpc-id': (g) => g.vpcId,
  ...rulesWith('ip-permission', false),
  ...rulesWith('egress.ip-permission', true),
}
