/** Create VPC: "VPC only", or "VPC and more", with a preview on the map. */
import { signal, useSignalEffect } from '@preact/signals'
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
    s3Endpoint: 'none',
    dnsHostnames: hostnames.value,
    dnsSupport: resolution.value,
  })
}

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
      {isMore ? <More /> : <TenancyField />}
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
    <CheckField label="Enable DNS hostnames" value={hostnames} />
    <CheckField label="Enable DNS resolution" value={resolution} />
  </>
)
