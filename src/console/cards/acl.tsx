/** The card of a network ACL: its entries as tables that can be edited, and the subnets that it guards. */
import { useSignal } from '@preact/signals'
import { planned } from '../../wizard/planned-call.ts'
import { type Acl, type Entry, FINAL_ENTRY } from '../estate/estate.ts'
import { RuleCount } from '../live/counters.tsx'
import { Adding, EditableTable, type Row } from '../parts/editable-table.tsx'
import { ChecksField, TabField, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { estate } from '../state.ts'
import { aclAssociations, entryAddition, entryChange, entryDeletion } from './acl-plans.ts'
import { type Doing, Doings, Facts, Link, Links } from './facts.tsx'
import { PeerField, TrafficFields } from './rule-fields.tsx'
import { rangeText, trafficOf, typedOf } from './traffic.ts'
import { typeOf } from './traffic-types.ts'

export function AclCard({ thing: acl }: { thing: Acl }) {
  const { vpcs, subnets } = estate.value
  const guarded = new Set(acl.associations.map(({ subnetId }) => subnetId))
  const free = subnets.filter(({ id, vpcId }) => vpcId === acl.vpcId && !guarded.has(id))
  const chosen = useSignal<ReadonlySet<string>>(new Set())
  const association: Doing = {
    words: 'Associate subnets',
    sure: 'A subnet always has exactly one network ACL: this one takes the place of the other.',
    plan: () => {
      const calls = aclAssociations(
        estate.value,
        acl,
        free.filter(({ id }) => chosen.value.has(id)),
      )
      if (calls.length === 0) throw new Error('Choose the subnets that it shall guard.')
      return calls
    },
    children: (
      <ChecksField
        label="Subnets"
        value={chosen}
        options={free.map(({ id, name, cidr }) => [id, `${name || id} (${cidr})`])}
      />
    ),
  }
  return (
    <>
      <Facts
        facts={[
          ['Network ACL ID', acl.id],
          ['Default', acl.isDefault ? 'yes' : 'no'],
          ['VPC', <Link to={vpcs.find(({ id }) => id === acl.vpcId)} />],
          ['Subnets', <Links to={subnets.filter(({ id }) => guarded.has(id))} />],
        ]}
      />
      <Entries acl={acl} egress={false} />
      <Entries acl={acl} egress />
      <Doings doings={[...(free.length > 0 ? [association] : []), ...(acl.isDefault ? [] : [deletionOf(acl)])]} />
    </>
  )
}

const deletionOf = ({ id }: Acl): Doing => ({
  words: 'Delete network ACL',
  danger: true,
  confirm: 'delete',
  sure: 'A network ACL can be deleted when it guards no subnet.',
  plan: () => [planned('Delete network ACL', 'DeleteNetworkAcl', { NetworkAclId: id })],
})

function Entries({ acl, egress }: { acl: Acl; egress: boolean }) {
  const entries = acl.entries.filter((entry) => entry.egress === egress)
  const title = egress ? 'Outbound rules' : 'Inbound rules'
  return (
    <section>
      <h3>{title}</h3>
      <EditableTable
        label={title}
        heads={['Rule', 'Type', 'Ports', egress ? 'Destination' : 'Source', '']}
        rows={entries.map((entry) => rowOf(acl, entry))}
        empty="None: nothing passes."
      />
      <Adding words={egress ? 'Add outbound rule' : 'Add inbound rule'}>
        {(close) => <EntryForm acl={acl} egress={egress} close={close} />}
      </Adding>
    </section>
  )
}

/** The lowest number decides; the final denial is nobody's to change. */
function rowOf(acl: Acl, entry: Entry): Row {
  const { number, egress, peer, allow } = entry
  const isFinal = number === FINAL_ENTRY
  const shown = isFinal ? '*' : String(number)
  const row: Row = {
    key: `${egress} ${number} ${peer}`,
    name: `rule ${shown}`,
    cells: [
      shown,
      typeOf(entry).words,
      rangeText(entry),
      peer,
      <>
        {allow ? 'Allow' : 'Deny'} <RuleCount resource={acl.id} rule={`${egress ? 'egress' : 'ingress'}:${shown}`} />
      </>,
    ],
    tone: allow ? '' : 'deny',
  }
  if (isFinal) return row
  return {
    ...row,
    edit: (close) => <EntryForm acl={acl} egress={egress} entry={entry} close={close} />,
    remove: () => entryDeletion(acl, entry),
  }
}

interface EntryFormProps {
  readonly acl: Acl
  readonly egress: boolean
  /** The entry that is changed; absent where one is added. */
  readonly entry?: Entry
  readonly close: () => void
}

/** Numbers go up in hundreds, so that others fit between. */
function nextNumber({ entries }: Acl, egress: boolean): string {
  const own = entries.filter((entry) => entry.egress === egress && entry.number !== FINAL_ENTRY)
  return String((Math.floor(Math.max(0, ...own.map(({ number }) => number)) / 100) + 1) * 100)
}

function EntryForm({ acl, egress, entry, close }: EntryFormProps) {
  const typed = entry ? typedOf(entry) : { type: 'custom-tcp', detail: '' }
  const number = useSignal(entry ? String(entry.number) : nextNumber(acl, egress))
  const type = useSignal(typed.type)
  const detail = useSignal(typed.detail)
  const peer = useSignal(entry?.peer ?? '0.0.0.0/0')
  const action = useSignal(entry?.allow === false ? 'deny' : 'allow')
  const wish = () => ({
    number: number.value,
    egress,
    traffic: trafficOf({ type: type.value, detail: detail.value }),
    peer: peer.value,
    allow: action.value === 'allow',
  })
  return (
    <PlanForm
      submit={entry ? 'Save rule' : 'Add rule'}
      plan={() => (entry ? entryChange(acl, entry, wish()) : entryAddition(acl, wish()))}
      done={close}
      cancel={close}
    >
      <div class="pair">
        <TextField label="Rule number" value={number} placeholder="100" />
        <TabField
          label="Allow/Deny"
          value={action}
          options={[
            ['allow', 'Allow'],
            ['deny', 'Deny'],
          ]}
        />
      </div>
      <TrafficFields type={type} detail={detail} />
      <PeerField label={egress ? 'Destination' : 'Source'} value={peer} vpcId={acl.vpcId} blocksOnly />
    </PlanForm>
  )
}
