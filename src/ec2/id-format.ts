/** How long ids are: those of every kind have their 17 digits, and nobody can have shorter ones any more. */
import { invalidParameter } from './errors.ts'
import type { Handlers } from './resource.ts'

/** The kinds of which AWS tells it. */
const resources = [
  ...['bundle', 'conversion-task', 'customer-gateway', 'dhcp-options', 'elastic-ip-allocation'],
  ...['elastic-ip-association', 'export-task', 'flow-log', 'image', 'import-task', 'instance', 'internet-gateway'],
  ...['network-acl', 'network-acl-association', 'network-interface', 'network-interface-attachment', 'prefix-list'],
  ...['reservation', 'route-table', 'route-table-association', 'security-group', 'snapshot', 'subnet'],
  ...['subnet-cidr-block-association', 'volume', 'vpc', 'vpc-cidr-block-association', 'vpc-endpoint'],
  ...['vpc-peering-connection', 'vpn-connection', 'vpn-gateway'],
]

const formats = resources.map((Resource) => ({ Resource, UseLongIds: true }))

export const idFormatActions: Handlers = {
  DescribeIdFormat({ Resource }) {
    if (Resource !== undefined && !resources.includes(Resource)) throw invalidParameter(Resource, 'resource')
    return { Statuses: formats.filter((f) => Resource === undefined || f.Resource === Resource) }
  },
  DescribeAggregateIdFormat: () => ({ UseLongIdsAggregated: true, Statuses: formats }),
}
