/** The fields that rules of groups and entries of ACLs have in common: the type of traffic, and the other side. */
import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { machine, readMachine } from '../api/machine.ts'
import { client } from '../api/client.ts'
import { ChoiceField, type Option, PickField, TextField } from '../parts/fields.tsx'
import { set } from '../parts/set.ts'
import { estate } from '../state.ts'
import { type Detail, TRAFFIC_TYPES } from './traffic-types.ts'

const DETAILS: Readonly<Record<Detail, { label: string; placeholder: string }>> = {
  ports: { label: 'Port range', placeholder: '8000-8100' },
  icmp: { label: 'ICMP type/code', placeholder: 'All' },
  protocol: { label: 'Protocol number', placeholder: '50' },
}

export function TrafficFields({ type, detail }: { type: Signal<string>; detail: Signal<string> }) {
  const asks = TRAFFIC_TYPES.find(({ id }) => id === type.value)?.asks
  return (
    <div class="pair">
      <ChoiceField label="Type" value={type} options={TRAFFIC_TYPES.map(({ id, words }) => [id, words])} />
      {asks && <TextField {...DETAILS[asks]} value={detail} />}
    </div>
  )
}

/** What AWS's console lets one choose in the place of a block. */
function kinds(): Option[] {
  const { hostAddress } = machine.value
  return [
    ['0.0.0.0/0', 'Anywhere-IPv4'],
    ['::/0', 'Anywhere-IPv6'],
    ...(hostAddress ? [[`${hostAddress}/32`, 'My IP'] as const] : []),
  ]
}

interface PeerProps {
  /** Source or Destination. */
  readonly label: string
  readonly value: Signal<string>
  /** Whose blocks and groups are suggested. */
  readonly vpcId: string
  /** An ACL knows blocks only. */
  readonly blocksOnly?: boolean
}

/** The other side of a rule: a block, and in a group's rule another group or a prefix list. */
export function PeerField({ label, value, vpcId, blocksOnly = false }: PeerProps) {
  useEffect(() => void readMachine(), [])
  useEffect(() => {
    if (!blocksOnly) void readLists()
  }, [blocksOnly])
  const options: Option[] = [['', 'Custom'], ...kinds()]
  const kind = options.some(([one]) => one === value.value) ? value.value : ''
  return (
    <div class="pair">
      <PickField label={`${label} type`} chosen={kind} pick={(one) => set(value, one)} options={options} />
      <TextField
        label={label}
        value={value}
        placeholder={blocksOnly ? '10.1.0.0/16' : '10.1.0.0/16, sg-…, pl-…'}
        suggestions={suggestions(vpcId, blocksOnly)}
      />
    </div>
  )
}

const lists = signal<readonly Option[]>([])

async function readLists(): Promise<void> {
  const { PrefixLists = [] } = await client.call('DescribeManagedPrefixLists', {}).catch(() => ({ PrefixLists: [] }))
  lists.value = PrefixLists.map(({ PrefixListId = '', PrefixListName = '' }) => [PrefixListId, PrefixListName])
}

/** Blocks of the VPC and of those that it is peered with, its groups, and prefix lists. */
function suggestions(vpcId: string, blocksOnly: boolean): Option[] {
  const { vpcs, groups, peerings } = estate.value
  const near = new Set([vpcId])
  for (const { requester, accepter } of peerings)
    if ([requester.vpcId, accepter.vpcId].includes(vpcId)) near.add(requester.vpcId).add(accepter.vpcId)
  const blocks = vpcs
    .filter(({ id }) => near.has(id))
    .flatMap(({ cidrs, name, id }) => cidrs.map((cidr): Option => [cidr, name || id]))
  if (blocksOnly) return blocks
  const own = groups.filter((group) => near.has(group.vpcId))
  return [...blocks, ...own.map(({ id, groupName }): Option => [id, groupName]), ...lists.value]
}
