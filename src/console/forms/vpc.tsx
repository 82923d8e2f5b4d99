/** Create VPC: "VPC only", or "VPC and more", with a preview on the map. */
import { signal, useSignal, useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { vpcAndMore } from '../../wizard/vpc-and-more.ts'
import { client } from '../api/client.ts'
import { region } from '../api/session.ts'
import { CheckField, ChoiceField, TabField, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { set } from '../parts/set.ts'
import { EMPTY, type Estate } from '../estate/estate.ts'
import { openCard, preview } from '../state.ts'
import { previewOf } from './preview.ts'
import { named } from './tags.ts'

const kind = signal('more')
const name = signal('')
const cidr = signal('10.0.0.0/16')
const zones = signal('1')
const publicSubnets = signal('1')
const privateSubnets = signal('0')
const nat = signal('none')
const hostnames = signal(true)
const resolution = signal(true)
const tenancy = signal('default')
const endpoint = signal('none')
const ipv6 = signal('none')
/** Blocks of the subnets, as typed; public ones first. */
const blocks = signal<Readonly<Record<string, string>>>({})
const zoneNames = signal<readonly string[]>([])

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => [String(from + i), String(from + i)] as const)

function plan(): readonly PlannedCall[] {
  if (name.value.trim() === '' && kind.value === 'more')
    throw new Error('Give the VPC a name: its parts are named after it.')
  if (kind.value === 'only') {
    const input = {
      CidrBlock: cidr.value.trim(),
      ...(tenancy.value === 'dedicated' && { InstanceTenancy: 'dedicated' as const }),
      ...(ipv6.value === 'amazon' && { AmazonProvidedIpv6CidrBlock: true }),
      ...named('vpc' as const, name.value),
    }
    return [planned('Create VPC', 'CreateVpc', input, { name: 'vpc', id: ['Vpc', 'VpcId'] })]
  }
  return vpcAndMore({
    name: name.value.trim(),
    cidr: cidr.value.trim(),
    zones: zoneNames.value.slice(0, Number(zones.value)),
    publicSubnets: Number(publicSubnets.value),
    privateSubnets: Number(privateSubnets.value),
    natGateways: nat.value as 'none',
    s3Endpoint: endpoint.value as 'none',
    dnsHostnames: hostnames.value,
    dnsSupport: resolution.value,
    tenancy: tenancy.value as 'default',
    ipv6: ipv6.value === 'amazon',
    subnetCidrs: subnetNames().map((one) => blocks.value[one] ?? ''),
  })
}

const subnetNames = (): string[] =>
  (['public', 'private'] as const).flatMap((sort) => {
    const count = Number(sort === 'public' ? publicSubnets.value : privateSubnets.value)
    return Array.from({ length: count }, (_, i) => `${sort}${i + 1}`)
  })

async function readZones(): Promise<void> {
  const { AvailabilityZones = [] } = await client.call('DescribeAvailabilityZones', {})
  zoneNames.value = AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).toSorted()
}

function previewNow(): Estate {
  try {
    return previewOf(plan())
  } catch {
    return EMPTY
  }
}

export function VpcForm() {
  useEffect(() => void readZones().catch(() => {}), [region.value])
  useSignalEffect(() => set(preview, previewNow()))
  useEffect(() => () => set(preview, EMPTY), [])
  const isMore = kind.value === 'more'
  return (
    <PlanForm submit="Create VPC" plan={plan} done={(made) => openCard(made.get('vpc') ?? '')}>
      <TabField
        label="Resources to create"
        value={kind}
        options={[
          ['only', 'VPC only'],
          ['more', 'VPC and more'],
        ]}
      />
      <TextField label={isMore ? 'Name tag auto-generation' : 'Name tag'} value={name} placeholder="NextWork-1" />
      <TextField label="IPv4 CIDR block" value={cidr} hint="Between /16 and /28." />
      <div class="pair">
        <ChoiceField
          label="IPv6 CIDR block"
          value={ipv6}
          options={[
            ['none', 'None'],
            ['amazon', 'Amazon-provided'],
          ]}
          {...(isMore && ipv6.value === 'amazon' && { hint: 'The VPC gets it; give the subnets theirs afterwards.' })}
        />
        <TenancyField />
      </div>
      {isMore && <More />}
    </PlanForm>
  )
}

const TenancyField = () => (
  <ChoiceField
    label="Tenancy"
    value={tenancy}
    options={[
      ['default', 'Default'],
      ['dedicated', 'Dedicated'],
    ]}
  />
)

const More = () => (
  <>
    <div class="pair">
      <TabField label="Availability Zones" value={zones} options={numbers(1, 3)} />
      <ChoiceField
        label="NAT gateways"
        value={nat}
        options={[
          ['none', 'None'],
          ['in-1-az', 'In 1 AZ'],
          ['per-az', '1 per AZ'],
        ]}
      />
    </div>
    <div class="pair">
      <ChoiceField label="Public subnets" value={publicSubnets} options={numbers(0, 3)} />
      <ChoiceField label="Private subnets" value={privateSubnets} options={numbers(0, 6)} />
    </div>
    <details class="advanced">
      <summary>Customize subnet CIDR blocks</summary>
      {subnetNames().map((one) => (
        <BlockField key={one} name={one} />
      ))}
    </details>
    <ChoiceField
      label="VPC endpoints"
      value={endpoint}
      options={[
        ['none', 'None'],
        ['s3', 'S3 Gateway'],
      ]}
    />
    <CheckField label="Enable DNS hostnames" value={hostnames} />
    <CheckField label="Enable DNS resolution" value={resolution} />
  </>
)

/** The block that the preview shows, until another is typed. */
function BlockField({ name: one }: { name: string }) {
  const typed = useSignal(blocks.value[one] ?? '')
  useSignalEffect(() => {
    if (blocks.peek()[one] !== typed.value) blocks.value = { ...blocks.peek(), [one]: typed.value }
  })
  const planned = preview.value.subnets.find(({ name: made }) => made.includes(`-subnet-${one}-`))
  return <TextField label={`Subnet ${one}`} value={typed} placeholder={planned?.cidr ?? ''} />
}
