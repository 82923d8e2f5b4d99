/** The packet's way: who sends what to whom, whether it arrives, what is in the way, and the calls that mend it. */
import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { makeCalls } from '../../analyzer/fix/call.ts'
import type { ToldCall, ToldFix } from '../../analyzer/words/fixes.ts'
import type { Explanation } from '../../check/explanation.ts'
import { CallError, callAs } from '../api/client.ts'
import { labelOf } from '../estate/estate.ts'
import { PingView } from '../live/ping-view.tsx'
import { asked } from '../map/way-view.tsx'
import { ChoiceField, TabField, TextField } from '../parts/fields.tsx'
import { Sentence } from '../parts/sentence.tsx'
import { Commands } from '../parts/plan-form.tsx'
import { estate, refresh } from '../state.ts'
import { ask, QuestionRefused } from './ask.ts'
import { Legs } from './legs.tsx'
import { set } from '../parts/set.ts'

const from = signal('')
const to = signal('')
const protocol = signal('ping')
const port = signal('22')
const problem = signal('')

/** The question is asked again whenever the network changes. */
async function askNow(): Promise<void> {
  problem.value = ''
  if (!from.value || !to.value) return
  try {
    asked.value = await ask({ from: from.value, to: to.value, protocol: protocol.value, port: port.value })
  } catch (error) {
    asked.value = undefined
    problem.value = error instanceof QuestionRefused ? error.message : String(error)
  }
}

export function PacketForm({ about }: { about?: string }) {
  useEffect(() => {
    if (about) from.value = about
    return () => set(asked, undefined)
  }, [about])
  const question = [from.value, to.value, protocol.value, port.value].join(' ')
  // A new question, or a new network, is asked about.
  useEffect(() => void askNow(), [question, estate.value])
  const ends = [
    ...estate.value.instances.map((instance) => [instance.id, `${labelOf(instance)} (${instance.privateIp})`] as const),
    ['internet', 'The internet'] as const,
  ]
  return (
    <>
      <div class="pair">
        <ChoiceField label="From" value={from} options={ends} />
        <ChoiceField label="To" value={to} options={ends} />
      </div>
      <TabField
        label="What"
        value={protocol}
        options={[
          ['ping', 'Ping'],
          ['tcp', 'TCP'],
          ['udp', 'UDP'],
        ]}
      />
      {protocol.value !== 'ping' && <TextField label="Port" value={port} hint="22, or 8000-8100, or any" />}
      {problem.value && (
        <p class="refusal" role="alert">
          {problem.value}
        </p>
      )}
      {protocol.value === 'ping' && <PingView from={from.value} to={to.value} />}
      {asked.value && <Answer answer={asked.value} />}
    </>
  )
}

/** What the analyzer has found, and what mends it. */
export function Answer({ answer }: { answer: Explanation }) {
  const { verdict, headline, way, notices, fixes, notFixed } = answer
  return (
    <section class="answer" aria-live="polite">
      <p class={`verdict ${verdict}`}>
        <Sentence text={headline} />
      </p>
      <Legs way={way} />
      {way.blockers.map(({ sentence, remarks, code, leg, at }) => (
        <div key={`${leg}${code}${at}`} class="blocker">
          <p>
            <Sentence text={sentence} />
          </p>
          {remarks.map((remark) => (
            <small key={remark}>
              <Sentence text={remark} />
            </small>
          ))}
        </div>
      ))}
      {notices.map(({ code, sentence }) => (
        <p key={code} class="hint">
          <Sentence text={sentence} />
        </p>
      ))}
      {fixes.map((fix, i) => (
        <FixView key={fix.calls.map(({ command }) => command).join()} fix={fix} isFirst={i === 0} />
      ))}
      {notFixed.map((why) => (
        <p key={why} class="hint">
          <Sentence text={why} />
        </p>
      ))}
    </section>
  )
}

function FixView({ fix: { calls, opens }, isFirst }: { fix: ToldFix; isFirst: boolean }) {
  const refusal = useSignal('')
  const apply = async () => {
    refusal.value = ''
    try {
      await makeCalls(calls, (call) => callAs(call.caller.account, call.caller.region, call.action, call.input))
    } catch (error) {
      refusal.value = error instanceof CallError ? `${error.code}: ${error.message}` : String(error)
    }
    await refresh()
  }
  return (
    <div class="fix">
      <h3>{isFirst ? 'A fix' : 'Another fix'}</h3>
      {calls.flatMap(({ comment }: ToldCall) => (comment ? <p key={comment}>{comment}</p> : []))}
      <Commands lines={calls.map(({ command }) => command)} open />
      {opens.length > 0 && (
        <small>
          It also opens: <Sentence text={opens.map(({ text }) => text).join(' ')} />
        </small>
      )}
      {refusal.value && (
        <p class="refusal" role="alert">
          {refusal.value}
        </p>
      )}
      <button type="button" class="primary" onClick={() => void apply()}>
        Apply this fix
      </button>
    </div>
  )
}
