/** "Modify my route tables now": both sides' routes to a peering, proposed, shown and made in one go. */
import { type Signal, signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { PlannedCall } from '../../wizard/planned-call.ts'
import { labelOf, type Peering } from '../estate/estate.ts'
import { CheckField, TextField } from '../parts/fields.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { estate } from '../state.ts'
import { Link, shortened } from './facts.tsx'
import { type Proposal, proposalsOf, routeAddition, routeChange, routesTo } from './route-plans.ts'

/** A proposal as a person has changed it. */
interface Choice extends Proposal {
  readonly isWanted: Signal<boolean>
  readonly to: Signal<string>
}

export function PeeringRoutes({ peering }: { peering: Peering }) {
  const proposals = proposalsOf(estate.value, peering)
  const key = proposals.map(({ table, destination }) => `${table.id} ${destination}`).join()
  const choices = useMemo(
    () => proposals.map((one): Choice => ({ ...one, isWanted: signal(true), to: signal(one.destination) })),
    [key],
  )
  const there = routesTo(estate.value, peering.id)
  return (
    <section>
      <h3>Modify my route tables now</h3>
      {there.length > 0 && (
        <ul class="links">
          {there.map(({ table, route }) => (
            <li key={`${table.id} ${route.destination}`} class="route-state yes">
              <Link to={table} /> leads {route.destination} there
            </li>
          ))}
        </ul>
      )}
      {choices.length > 0 ? (
        <>
          <p class="hint">Without a route on both sides, packets do not come, or do not come back.</p>
          <PlanForm submit="Modify route tables" plan={() => planOf(choices, peering)}>
            {choices.map((choice) => (
              <ChoiceView key={`${choice.table.id} ${choice.destination}`} choice={choice} />
            ))}
          </PlanForm>
        </>
      ) : (
        <p role="status">Every table that a subnet uses leads to the other side.</p>
      )}
    </section>
  )
}

function ChoiceView({ choice: { table, old, isWanted, to } }: { choice: Choice }) {
  const name = `${shortened(labelOf(table))}${table.main ? ' (main)' : ''}`
  return (
    <div class="proposal">
      <CheckField label={`${name}${old ? `, in the place of ${old.target}` : ''}`} value={isWanted} />
      <TextField label={`Destination in ${labelOf(table)}`} value={to} />
    </div>
  )
}

function planOf(choices: readonly Choice[], { id }: Peering): readonly PlannedCall[] {
  const wanted = choices.filter(({ isWanted }) => isWanted.value)
  if (wanted.length === 0) throw new Error('Tick the tables that shall lead to the other side.')
  return wanted.flatMap(({ table, to, old }) =>
    old && to.value.trim() === old.destination ? routeChange(table, old, id) : routeAddition(table, to.value, id),
  )
}
