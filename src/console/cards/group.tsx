/** The card of a security group: its rules as tables that can be edited. */
import { type Signal, useSignal } from '@preact/signals'
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import type { Group, Rule } from '../estate/estate.ts'
import { ChoiceField, TabField, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { RestDropped, RuleCount } from '../live/counters.tsx'
import { estate } from '../state.ts'
import { Doings, Facts, Link, Links } from './facts.tsx'
import { permissionOf, PRESETS, trafficText } from './permission.ts'
import { set } from '../parts/set.ts'

export function GroupCard({ thing: group }: { thing: Group }) {
  const { vpcs, instances, rules } = estate.value
  const own = rules.get(group.id) ?? []
  const chosen = useSignal<Rule | undefined>(undefined)
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
      <Rules title="Inbound rules" groupId={group.id} rules={own.filter(({ egress }) => !egress)} chosen={chosen} />
      <RestDropped resource={group.id} rule="ingress" />
      <Rules title="Outbound rules" groupId={group.id} rules={own.filter(({ egress }) => egress)} chosen={chosen} />
      <RestDropped resource={group.id} rule="egress" />
      {chosen.value && (
        <div class="doing">
          <PlanForm
            submit="Delete the rule"
            danger
            plan={() => (chosen.value ? revocation(group, chosen.value) : [])}
            done={() => set(chosen, undefined)}
          />
        </div>
      )}
      <AddRule group={group} />
      {group.groupName !== 'default' && (
        <Doings
          doings={[
            {
              words: 'Delete security group',
              danger: true,
              plan: () => [planned('Delete security group', 'DeleteSecurityGroup', { GroupId: group.id })],
            },
          ]}
        />
      )}
    </>
  )
}

function revocation({ id }: Group, rule: Rule): readonly PlannedCall[] {
  const input = { GroupId: id, SecurityGroupRuleIds: [rule.id] }
  return rule.egress
    ? [planned('Delete rule', 'RevokeSecurityGroupEgress', input)]
    : [planned('Delete rule', 'RevokeSecurityGroupIngress', input)]
}

interface RulesProps {
  readonly title: string
  readonly groupId: string
  readonly rules: readonly Rule[]
  readonly chosen: Signal<Rule | undefined>
}

const Rules = ({ title, groupId, rules, chosen }: RulesProps) => (
  <>
    <h3>{title}</h3>
    {rules.length === 0 && <p class="hint">None: nothing is let through.</p>}
    {rules.length > 0 && (
      <table class="rows">
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.id}>
              <td>{trafficText(rule)}</td>
              <td>{peerName(rule)}</td>
              <td>
                <RuleCount resource={groupId} rule={rule.id} />
              </td>
              <td>
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Delete the rule ${trafficText(rule)} ${rule.peer}`}
                  onClick={() => set(chosen, rule)}
                >
                  ✕
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </>
)

function peerName({ peer }: Rule): string {
  const group = estate.value.groups.find(({ id }) => id === peer)
  return group ? `${group.groupName} (${peer})` : peer
}

function AddRule({ group }: { group: Group }) {
  const way = useSignal('in')
  const preset = useSignal('ssh')
  const ports = useSignal('')
  const peer = useSignal('')
  const plan = (): readonly PlannedCall[] => {
    const input = { GroupId: group.id, IpPermissions: [permissionOf(preset.value, ports.value, peer.value.trim())] }
    return way.value === 'in'
      ? [planned('Add rule', 'AuthorizeSecurityGroupIngress', input)]
      : [planned('Add rule', 'AuthorizeSecurityGroupEgress', input)]
  }
  return (
    <section class="adding">
      <h3>Add rule</h3>
      <PlanForm submit="Add rule" plan={plan} done={() => set(peer, '')}>
        <TabField
          label="Direction"
          value={way}
          options={[
            ['in', 'Inbound'],
            ['out', 'Outbound'],
          ]}
        />
        <div class="pair">
          <ChoiceField label="Type" value={preset} options={PRESETS.map(({ id, words }) => [id, words])} />
          <TextField
            label={way.value === 'in' ? 'Source' : 'Destination'}
            value={peer}
            placeholder="10.1.0.0/16 or sg-…"
          />
        </div>
        {preset.value.startsWith('custom') && <TextField label="Port range" value={ports} placeholder="8000-8100" />}
      </PlanForm>
    </section>
  )
}
