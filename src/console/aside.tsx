/** What stands beside the map: a card of one thing, or a form. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Card } from './cards/card.tsx'
import { AddressesForm } from './forms/addresses.tsx'
import { LaunchForm } from './forms/launch.tsx'
import { PeeringForm } from './forms/peering.tsx'
import { VpcForm } from './forms/vpc.tsx'
import './forms/forms.css'
import { PacketForm } from './packet/packet-form.tsx'
import { lazily } from './parts/lazily.tsx'
import { type Aside, aside, type FormName } from './state.ts'
import { set } from './parts/set.ts'

const connect = lazily(async () => (await import('./connect/connect-form.tsx')).ConnectForm)
const activity = lazily(async () => (await import('./live/activity-view.tsx')).ActivityView)
const capture = lazily(async () => (await import('./live/capture-view.tsx')).CaptureView)

const FORMS: Readonly<Record<FormName, { title: string; View: (about: { about?: string }) => ComponentChildren }>> = {
  vpc: { title: 'Create VPC', View: VpcForm },
  peering: { title: 'Create peering connection', View: PeeringForm },
  launch: { title: 'Launch an instance', View: LaunchForm },
  addresses: { title: 'Elastic IP addresses', View: AddressesForm },
  packet: { title: "The packet's way", View: PacketForm },
  connect: { title: 'Connect to instance', View: connect.View },
  activity: { title: 'Activity', View: activity.View },
  capture: { title: 'Capture', View: capture.View },
}

export function AsideView({ shown }: { shown: Aside }) {
  const panel = useRef<HTMLElement>(null)
  const name = shown.kind === 'form' ? shown.form : shown.id
  useReturn(panel)
  // Who opens another card is led to it.
  useEffect(() => panel.current?.focus(), [name])
  if (shown.kind === 'card') return <Panel key={name} panel={panel} card={<Card id={shown.id} />} />
  const { title, View } = FORMS[shown.form]
  return <Panel key={name} panel={panel} title={title} card={<View {...(shown.about && { about: shown.about })} />} />
}

/** The keyboard goes back to where it came from, and is not lost with a button that goes. */
function useReturn(panel: { readonly current: HTMLElement | null }): void {
  const opener = useRef(document.activeElement)
  useEffect(() => {
    let wasInside = true
    const isLost = () => document.activeElement === document.body
    const focused = ({ target }: FocusEvent) => {
      // By class: while one card follows another, which of them `panel` means is not yet settled.
      wasInside = target instanceof Element && target.closest('.aside') !== null
      if (!wasInside) opener.current = target as Element
    }
    const lost = new MutationObserver(() => {
      if (wasInside && isLost()) panel.current?.focus({ preventScroll: true })
    })
    addEventListener('focusin', focused)
    lost.observe(document.body, { childList: true, subtree: true })
    return () => {
      removeEventListener('focusin', focused)
      lost.disconnect()
      if (wasInside || isLost()) goBack(opener.current)
    }
  }, [])
}

/** The map may have drawn a thing anew since. */
function goBack(to: Element | null): void {
  const key = to instanceof SVGElement ? to.dataset.key : undefined
  const there = to?.isConnected ? to : key && document.querySelector(`[data-key="${CSS.escape(key)}"]`)
  const target = there || document.querySelector('.map')
  if (target instanceof HTMLElement || target instanceof SVGElement) target.focus({ preventScroll: true })
}

interface PanelProps {
  readonly panel: { current: HTMLElement | null }
  readonly title?: string
  readonly card: ComponentChildren
}

const Panel = ({ panel, title, card }: PanelProps) => (
  <aside ref={panel} class="aside" tabIndex={-1} aria-label={title ?? 'Details'}>
    <button type="button" class="quiet close" aria-label="Close" onClick={() => set(aside, undefined)}>
      ✕
    </button>
    {title && <h2>{title}</h2>}
    {card}
  </aside>
)
