/** The card of a security group: its rules as tables that can be edited. */
import { useSignal } from '@preact/signals'
import { planned } from '../../wizard/planned-call.ts'
import type { Group, Rule } from '../estate/estate.ts'
import { Adding, EditableTable, type Row } from '../parts/editable-table.tsx'
import { TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { RestDropped, RuleCount } from '../live/counters.tsx'
import { estate } from '../state.ts'
import { Doings, Facts, Link, Links } from './facts.tsx'
import { revocation, ruleAddition, ruleChange } from './group-plans.ts'
import { PeerField, TrafficFields } from './rule-fields.tsx'
import { rangeText, trafficOf, trafficText, typedOf } from './traffic.ts'
import { typeOf } from './traffic-types.ts'

export function GroupCard({ thing: group }: { thing: Group }) {
  const { vpcs, instances } = estate.value
  return (
    <>
      <Facts
        facts={[
          ['Security group ID', group.id],
          ['Group name', group.groupName],
          ['Description', group.description],
          ['VPC', <Link to={vpcs.find(({ id }) => id === group.vpcId)} />],
          ['Instances', <Links to={instances.filter(({ groupIds }) => groupIds.includes(group.id))} />],
        ]}
      />
      <Rules group={group} egress={false} />
      <Rules group={group} egress />
      <p class="hint">A rule counts the packets that it judges: of each flow the first, as a group remembers flows.</p>
      {group.groupName !== 'default' && (
        <Doings
          doings={[
            {
              words: 'Delete security group',
              danger: true,
              sure: 'A group can be deleted when no interface uses it and no rule names it.',
              plan: () => [planned('Delete security group', 'DeleteSecurityGroup', { GroupId: group.id })],
            },
          ]}
        />
      )}
    </>
  )
}

function Rules({ group, egress }: { group: Group; egress: boolean }) {
  const rules = (estate.value.rules.get(group.id) ?? []).filter((rule) => rule.egress === egress)
  const title = egress ? 'Outbound rules' : 'Inbound rules'
  const peer = egress ? 'Destination' : 'Source'
  return (
    <section>
      <h3>{title}</h3>
      <EditableTable
        label={title}
        heads={['Type', 'Port range', peer]}
        rows={rules.map((rule) => rowOf(group, rule))}
        empty="None: nothing is let through."
      />
      <RestDropped resource={group.id} rule={egress ? 'egress' : 'ingress'} />
      <Adding words={egress ? 'Add outbound rule' : 'Add inbound rule'}>
        {(close) => <RuleForm group={group} egress={egress} close={close} />}
      </Adding>
    </section>
  )
}

const rowOf = (group: Group, rule: Rule): Row => ({
  key: rule.id,
  name: `rule ${trafficText(rule)} ${rule.peer}`,
  cells: [
    typeOf(rule).words,
    rangeText(rule),
    <>
      {peerView(rule)}
      {rule.description && <small>{rule.description}</small>}
      <RuleCount resource={group.id} rule={rule.id} />
    </>,
  ],
  edit: (close) => <RuleForm group={group} egress={rule.egress} rule={rule} close={close} />,
  remove: () => revocation(group, rule),
})

/** A group is a link to its card. */
function peerView({ peer }: Rule) {
  const group = estate.value.groups.find(({ id }) => id === peer)
  return group ? <Link to={group} words={`${group.groupName} (${peer})`} /> : peer
}

interface RuleFormProps {
  readonly group: Group
  readonly egress: boolean
  /** The rule that is changed; absent where one is added. */
  readonly rule?: Rule
  readonly close: () => void
}

function RuleForm({ group, egress, rule, close }: RuleFormProps) {
  const typed = rule ? typedOf(rule) : { type: 'custom-tcp', detail: '' }
  const type = useSignal(typed.type)
  const detail = useSignal(typed.detail)
  const peer = useSignal(rule?.peer ?? '')
  const description = useSignal(rule?.description ?? '')
  const wish = () => ({
    traffic: trafficOf({ type: type.value, detail: detail.value }),
    peer: peer.value,
    description: description.value,
  })
  return (
    <PlanForm
      submit={rule ? 'Save rule' : 'Add rule'}
      plan={() => (rule ? ruleChange(group, rule, wish()) : ruleAddition(group, egress, wish()))}
      done={close}
      cancel={close}
    >
      <TrafficFields type={type} detail={detail} />
      <PeerField label={egress ? 'Destination' : 'Source'} value={peer} vpcId={group.vpcId} />
      <TextField label="Description - optional" value={description} />
    </PlanForm>
  )
}
