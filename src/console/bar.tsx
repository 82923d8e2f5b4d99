/** The bar at the top: where one is, what one can make, and whether what one sees is live. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { client } from './api/client.ts'
import { type Connection, connection } from './api/news.ts'
import { region } from './api/session.ts'
import { LabsButton } from './labs/frame.tsx'
import { LiveTools } from './live/live-tools.tsx'
import { type FormName, lookAt, openForm } from './state.ts'

const MAKE: readonly (readonly [FormName, string])[] = [
  ['vpc', 'Create VPC'],
  ['peering', 'Peering'],
  ['launch', 'Launch instance'],
  ['addresses', 'Elastic IPs'],
]

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Server away',
  refused: 'Refused',
}

const regions = signal<readonly string[]>([])

export function Bar() {
  useEffect(() => {
    const read = async () => {
      const { Regions = [] } = await client.call('DescribeRegions', {})
      regions.value = Regions.flatMap(({ RegionName }) => RegionName ?? []).toSorted()
    }
    read().catch(() => {})
  }, [])
  const names = regions.value.includes(region.value) ? regions.value : [region.value, ...regions.value]
  return (
    <header class="bar">
      <h1>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M9 16h14" />
          <circle cx="8" cy="16" r="6" />
          <circle cx="24" cy="16" r="6" />
        </svg>
        Isthmus
      </h1>
      <label class="region">
        <span class="hidden">Region</span>
        <select value={region.value} onChange={(event) => lookAt(event.currentTarget.value)}>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <LabsButton />
      <nav aria-label="Make and ask">
        {MAKE.map(([form, words]) => (
          <button key={form} type="button" onClick={() => openForm(form)}>
            {words}
          </button>
        ))}
        <button type="button" class="primary" onClick={() => openForm('packet')}>
          Packet&rsquo;s way
        </button>
      </nav>
      <LiveTools />
      <span class={`connection ${connection.value}`} role="status">
        {WORDS[connection.value]}
      </span>
      <button type="button" class="quiet" onClick={turn} aria-label="Dark or light" title="Dark or light">
        ◐
      </button>
    </header>
  )
}

const isDark = (): boolean =>
  (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : '')) ===
  'dark'

function turn(): void {
  const theme = isDark() ? 'light' : 'dark'
  document.documentElement.dataset.theme = theme
  localStorage.setItem('isthmus-theme', theme)
}

const kept = localStorage.getItem('isthmus-theme')
if (kept) document.documentElement.dataset.theme = kept
