/** Parts of cards: facts, links to other cards, and what is done with one press and a look at its command. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Made, PlannedCall } from '../../wizard/planned-call.ts'
import { labelOf, type Thing } from '../estate/estate.ts'
import { Paged } from '../parts/paged.tsx'
import { PlanForm } from '../parts/plan-form.tsx'
import { hovered, openCard } from '../state.ts'
import { set } from '../parts/set.ts'

/** Terms and what they are; a fact that is empty is left out. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">
    {facts
      .filter(([, what]) => what)
      .map(([term, what]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{what}</dd>
        </div>
      ))}
  </dl>
)

/** Names of one VPC's parts begin alike: of a long one the end is what tells. */
const MOST = 64
export const shortened = (name: string): string =>
  name.length > MOST ? `${name.slice(0, 30)}…${name.slice(-30)}` : name

/** Another thing, whose card a press opens. */
export function Link({ to, words }: { to: Thing | undefined; words?: string }) {
  if (!to) return null
  const name = words ?? labelOf(to)
  return (
    <button
      type="button"
      class="link"
      {...(name.length > MOST && { title: name })}
      onClick={() => openCard(to.id)}
      onPointerEnter={() => set(hovered, to.id)}
      onPointerLeave={() => set(hovered, '')}
    >
      {shortened(name)}
    </button>
  )
}

export const Links = ({ to }: { to: readonly Thing[] }) =>
  to.length === 0 ? (
    <>none</>
  ) : (
    <Paged items={to} label="the list">
      {(shown) => (
        <ul class="links">
          {shown.map((thing) => (
            <li key={thing.id}>
              <Link to={thing} />
            </li>
          ))}
        </ul>
      )}
    </Paged>
  )

export interface Doing {
  readonly words: string
  readonly plan: () => readonly PlannedCall[]
  readonly danger?: boolean
  /** What is asked before it is done. */
  readonly sure?: string
  /** The word that has to be typed before. */
  readonly confirm?: string
  readonly done?: (made: Made) => void
  readonly children?: ComponentChildren
}

/** A row of things to do; the one that is chosen shows its command and asks to be confirmed. */
export function Doings({ doings }: { doings: readonly Doing[] }) {
  const chosen = useSignal('')
  const panel = useRef<HTMLDivElement>(null)
  const doing = doings.find(({ words }) => words === chosen.value)
  useEffect(() => {
    if (chosen.value) panel.current?.querySelector<HTMLElement>('select, input, textarea, [type=submit]')?.focus()
  }, [chosen.value])
  return (
    <section class="doings">
      <div class="row">
        {doings.map(({ words, danger }) => (
          <button
            key={words}
            type="button"
            class={danger ? 'danger-quiet' : ''}
            aria-expanded={words === chosen.value}
            onClick={() => set(chosen, chosen.value === words ? '' : words)}
          >
            {words}
          </button>
        ))}
      </div>
      {doing && (
        <div ref={panel} class="doing">
          {doing.sure && <p>{doing.sure}</p>}
          <PlanForm
            key={doing.words}
            submit={doing.words}
            plan={doing.plan}
            danger={doing.danger ?? false}
            {...(doing.confirm && { confirm: doing.confirm })}
            {...(doing.done && { done: doing.done })}
          >
            {doing.children}
          </PlanForm>
        </div>
      )}
    </section>
  )
}
