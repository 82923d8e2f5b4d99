/** What stands beside the map: a card of one thing, or a form. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Card } from './cards/card.tsx'
import { AddressesForm } from './forms/addresses.tsx'
import { LaunchForm } from './forms/launch.tsx'
import { PeeringForm } from './forms/peering.tsx'
import { VpcForm } from './forms/vpc.tsx'
import { PacketForm } from './packet/packet-form.tsx'
import { lazy } from './parts/lazy.tsx'
import { type Aside, aside, type FormName } from './state.ts'
import { later } from './parts/later.tsx'
import { set } from './parts/set.ts'

const ConnectForm = later(async () => (await import('./connect/connect-form.tsx')).ConnectForm)

const FORMS: Readonly<Record<FormName, { title: string; View: (about: { about?: string }) => ComponentChildren }>> = {
  vpc: { title: 'Create VPC', View: VpcForm },
  peering: { title: 'Create peering connection', View: PeeringForm },
  launch: { title: 'Launch an instance', View: LaunchForm },
  addresses: { title: 'Elastic IP addresses', View: AddressesForm },
  packet: { title: "The packet's way", View: PacketForm },
  connect: { title: 'Connect to instance', View: ConnectForm },
  activity: { title: 'Activity', View: lazy(async () => (await import('./live/activity-view.tsx')).ActivityView) },
  capture: { title: 'Capture', View: lazy(async () => (await import('./live/capture-view.tsx')).CaptureView) },
}

export function AsideView({ shown }: { shown: Aside }) {
  const panel = useRef<HTMLElement>(null)
  const name = shown.kind === 'form' ? shown.form : shown.id
  // Who opens another card is led to it.
  useEffect(() => panel.current?.focus(), [name])
  if (shown.kind === 'card') return <Panel key={name} panel={panel} card={<Card id={shown.id} />} />
  const { title, View } = FORMS[shown.form]
  return <Panel key={name} panel={panel} title={title} card={<View {...(shown.about && { about: shown.about })} />} />
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
