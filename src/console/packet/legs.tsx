/** The way there and back as two lines of things. */
import type { PathPart } from '../../analyzer/words/path.ts'
import type { ToldWay } from '../../analyzer/words.ts'
import { hovered } from '../state.ts'
import { set } from '../parts/set.ts'

export const Legs = ({ way: { request, reply } }: { way: ToldWay }) => (
  <>
    <Leg title="There" parts={request} />
    <Leg title="Back" parts={reply} />
  </>
)

/** `group default`, `ACL acl-0a1b`; of what is no guard the name alone. */
export const partText = ({ id, name, kind }: Pick<PathPart, 'id' | 'name' | 'kind'>): string =>
  kind === 'guard' ? `${id.startsWith('sg-') ? 'group' : 'ACL'} ${name}` : name

function Leg({ title, parts }: { title: string; parts: readonly PathPart[] }) {
  if (parts.length === 0) return null
  const stopped = parts.findIndex(({ stops }) => stops)
  return (
    <div class="leg">
      <span>{title}</span>
      <ol>
        {parts.map(({ id, name, kind, stops }, i) => (
          <li
            // A thing may be passed twice.
            key={i}
            class={stops ? 'stop' : stopped >= 0 && i > stopped ? 'beyond' : ''}
            title={id}
            onPointerEnter={() => set(hovered, id)}
            onPointerLeave={() => set(hovered, '')}
          >
            <span>{partText({ id, name, kind })}</span>
            {stops && <i class="hidden"> stops it</i>}
          </li>
        ))}
      </ol>
    </div>
  )
}
