/** DhcpOptions. A set that a VPC names and nobody describes is taken as the Region's own. */
import type { DhcpOption, DhcpOptions } from '../ec2/dhcp-options.ts'
import { AMAZON_DNS } from '../ec2/dhcp-options-input.ts'
import { privateDomain } from '../ec2/dns-name.ts'
import type { Vpc } from '../ec2/vpc.ts'
import { baseOf, type Building, type Home, type Reader } from './building.ts'
import type { Item } from './item.ts'

export const dhcpOptions: Reader = {
  key: 'DhcpOptions',
  id: 'DhcpOptionsId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('DhcpOptionsId', 'dopt')
    const base = baseOf(item, id, 'available' as const, home, building)
    const set = { ...base, options: item.list('DhcpConfigurations').map(optionOf) }
    const isPlain = isOfRegion(set)
    if (!isPlain)
      notes.add('not-emulated', 'DHCP options', 'they are records: instances have the names and servers of AWS', id)
    state.put('dhcp-options', { ...set, isDefault: isPlain && !hasDefault(building, set) } satisfies DhcpOptions)
  },
}

function optionOf(item: Item): DhcpOption {
  const key = item.text('Key')
  return { key, values: item.list('Values').map((value) => value.text('Value')) }
}

/** What a Region's own set has. */
const optionsOfRegion = (region: string): DhcpOption[] => [
  { key: 'domain-name', values: [privateDomain(region)] },
  { key: 'domain-name-servers', values: [AMAZON_DNS] },
]

function isOfRegion({
  region,
  options,
}: {
  readonly region: string
  readonly options: readonly DhcpOption[]
}): boolean {
  const own = optionsOfRegion(region)
  const told = new Map(options.map(({ key, values }) => [key, values.join()]))
  return told.size === own.length && own.every(({ key, values }) => told.get(key) === values.join())
}

/** AWS does not say which set is the one of new VPCs: it is the first that has what such a set has. */
const hasDefault = ({ state }: Building, { account, region }: Home): boolean =>
  state.where('dhcp-options', 'account', account).some((set) => set.isDefault && set.region === region)

/** In place of an id where a VPC has no options. */
const NONE = 'default'

/** For a VPC whose set is not described. */
export function addDhcpOptions(building: Building, { account, region, dhcpOptionsId: id }: Vpc): void {
  const { state, notes, now } = building
  if (id === NONE || state.get('dhcp-options', id)) return
  const isDefault = !hasDefault(building, { account, region })
  const base = { id, account, region, tags: {}, state: 'available' as const, stateSince: now }
  state.put('dhcp-options', { ...base, options: optionsOfRegion(region), isDefault })
  notes.add('assumed', 'DHCP options', 'they are those of AWS', id)
}
