/** The activity list: each call as it was made, by whom, what it changed or was refused with. */
import { computed, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Link } from '../cards/facts.tsx'
import type { Thing } from '../estate/estate.ts'
import { CheckField, TextField } from '../parts/fields.tsx'
import { estate, told } from '../state.ts'
import { entries, problem, readActivity } from './activity.ts'
import { chosen, type Entry } from './choose.ts'
import './activity.css'

export function ActivityView() {
  const words = useSignal('')
  const errorsOnly = useSignal(false)
  const news = told.value
  useEffect(() => void readActivity(), [news])
  const shown = chosen(entries.value, words.value, errorsOnly.value)
  return (
    <>
      <p class="hint">
        Calls that changed something or were refused, logins, and what ran on terminals. Answered reads are left out.
      </p>
      <TextField label="Filter" value={words} placeholder="CreateRoute, AWS CLI, vpc-0a1b…" />
      <CheckField label="Errors only" value={errorsOnly} />
      {problem.value && (
        <p class="refusal" role="alert">
          {problem.value}
        </p>
      )}
      <ol class="activity" aria-label="Calls, the newest first">
        {shown.map((entry) => (
          <EntryView key={entry.number} entry={entry} />
        ))}
      </ol>
      {shown.length === 0 && (
        <p class="hint">{entries.value.length === 0 ? 'Nothing has been called yet.' : 'No call is like that.'}</p>
      )}
    </>
  )
}

function EntryView({ entry }: { entry: Entry }) {
  const { at, action, ms, error, message, changed, client, account, region, exit = 0 } = entry
  const isBad = error !== undefined || exit !== 0
  return (
    <li class={isBad ? 'call refused-call' : 'call'}>
      <div class="call-head">
        <strong>{action}</strong>
        <span class={isBad ? 'chip failed' : 'chip active'}>{error ?? (exit === 0 ? 'done' : `exit ${exit}`)}</span>
        <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
          {timeOf(at)}
        </time>
      </div>
      {message && <p>{message}</p>}
      <Terminal entry={entry} />
      <small>{[client, account, region, `${ms} ms`].filter(Boolean).join(' · ')}</small>
      <Changed ids={changed} label={entry.command !== undefined || entry.ping ? 'In' : 'Changed'} />
    </li>
  )
}

/** What ran on a terminal. */
function Terminal({ entry: { command, ping } }: { entry: Entry }) {
  if (command !== undefined)
    return (
      <p>
        <code>{command}</code>
      </p>
    )
  if (!ping) return null
  const { to, received, sent, first } = ping
  const answers = sent === undefined ? `${received} answered so far` : `${received} of ${sent} answered`
  return (
    <p>
      <code>{to}</code>: {answers}
      {first !== undefined && first > 1 && `, the first is seq ${first}`}
    </p>
  )
}

/** So many of one call are listed. */
const MOST = 12

function Changed({ ids, label }: { ids: readonly string[]; label: string }) {
  if (ids.length === 0) return null
  return (
    <ul class="changed" aria-label={label}>
      {ids.slice(0, MOST).map((id) => {
        const thing = things.value.get(id)
        return <li key={id}>{thing ? <Link to={thing} words={wordsOf(id, thing)} /> : id}</li>
      })}
      {ids.length > MOST && <li>and {ids.length - MOST} more</li>}
    </ul>
  )
}

const wordsOf = (id: string, { name }: Thing): string => (name ? `${name} (${id})` : id)

/** Ids of things that have a card, and of rules, which are on their group's. */
const things = computed((): ReadonlyMap<string, Thing> => {
  const { vpcs, subnets, tables, gateways, peerings, instances, groups, rules, acls } = estate.value
  const all: readonly Thing[] = [vpcs, subnets, tables, gateways, peerings, instances, groups, acls].flat()
  const ofRules = [...rules].flatMap(([group, some]) => some.map(({ id }) => [id, { id: group, name: '' }] as const))
  return new Map([...all.map((thing) => [thing.id, thing] as const), ...ofRules])
})

const two = (value: number): string => String(value).padStart(2, '0')

function timeOf(at: number): string {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
}
