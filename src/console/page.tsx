/** The whole page: the bar, the map, what stands beside it. */
import { useEffect } from 'preact/hooks'
import { Bar } from './bar.tsx'
import { connection } from './api/news.ts'
import { LabsFrame } from './labs/frame.tsx'
import { shown as labs } from './labs/open.ts'
import { sessions } from './connect/sessions.ts'
import { MapView } from './map/map.tsx'
import { EMPTY } from './estate/estate.ts'
import { aside, estate, failure, isForeign, isRead, openForm, preview } from './state.ts'
import { SignIn } from './sign-in.tsx'
import { lazily } from './parts/lazily.tsx'

/** Cards and forms come after the map. */
const beside = lazily(async () => (await import('./aside.tsx')).AsideView)

const dock = lazily(async () => (await import('./connect/dock.tsx')).Dock)

export function Page() {
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') aside.value = undefined
    }
    addEventListener('keydown', close)
    void beside.fetch()
    return () => removeEventListener('keydown', close)
  }, [])
  if (connection.value === 'refused') return <Refused />
  if (isForeign.value) return <SignIn />
  return (
    <div
      class={['page', aside.value && 'with-aside', labs.value && `with-labs ${labs.value}`].filter(Boolean).join(' ')}
    >
      <Bar />
      <LabsFrame />
      <main>
        {failure.value && (
          <p class="failure" role="alert">
            {failure.value}
          </p>
        )}
        <MapView />
        {isRead.value && isInvited() && <Empty />}
      </main>
      {aside.value && <beside.View shown={aside.value} />}
      {sessions.value.length > 0 && <dock.View />}
    </div>
  )
}

/** Whether there is nothing yet, and nothing else on the page that somebody is at. */
const isInvited = (): boolean =>
  estate.value.vpcs.every(({ isDefault }) => isDefault) &&
  preview.value === EMPTY &&
  !aside.value &&
  labs.value !== 'labs-open' &&
  sessions.value.length === 0

const Refused = () => (
  <div class="refused">
    <h1>Isthmus</h1>
    <p>This page needs the address with the token that the server printed when it started.</p>
    <p>
      <code>isthmus status</code> prints it again.
    </p>
  </div>
)

const Empty = () => (
  <div class="empty">
    <h2>No networks of your own yet</h2>
    <p>A VPC is a network of your own. Make one, and it appears here.</p>
    <button type="button" class="primary" onClick={() => openForm('vpc')}>
      Create VPC
    </button>
  </div>
)
