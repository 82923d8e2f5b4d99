/** Why a connection did not come about: the analyzer's answer for its way, on the map too, and what mends it. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Explanation } from '../../check/explanation.ts'
import { asked } from '../map/way-view.tsx'
import { ask } from '../packet/ask.ts'
import { Answer } from '../packet/packet-form.tsx'
import { estate, openForm } from '../state.ts'
import type { Session } from './sessions.ts'
import { wayOf, waysTo } from './ways.ts'

type Found =
  | { readonly kind: 'answer'; readonly answer: Explanation }
  | { readonly kind: 'no way' }
  | { readonly kind: 'none' }

/** Of the way that the session would take now. */
async function find({ instance, way }: Session): Promise<Found> {
  const told = wayOf(await waysTo(instance), way)
  if (!told) return { kind: 'none' }
  if ('refused' in told) return { kind: 'no way' }
  const { from, to } = told
  return { kind: 'answer', answer: await ask({ from, to, protocol: 'tcp', port: '22' }) }
}

export function Why({ session }: { session: Session }) {
  const found = useSignal<Found>({ kind: 'none' })
  useEffect(() => {
    let isWanted = true
    const look = async () => {
      const next = await find(session).catch((): Found => ({ kind: 'none' }))
      if (!isWanted) return
      found.value = next
      if (next.kind === 'answer') asked.value = next.answer
    }
    void look()
    return () => {
      isWanted = false
    }
  }, [estate.value])
  useEffect(
    () => () => {
      if (found.value.kind === 'answer' && asked.value === found.value.answer) asked.value = undefined
    },
    [],
  )
  if (found.value.kind === 'answer') return <Answer answer={found.value.answer} />
  if (found.value.kind === 'none' || session.way !== 'service') return null
  return (
    <>
      <p>An Elastic IP is a public IPv4 address of yours: allocate one, and associate it with the instance.</p>
      <p>
        <button type="button" onClick={() => openForm('addresses', session.instance)}>
          Elastic IP addresses
        </button>
      </p>
    </>
  )
}
