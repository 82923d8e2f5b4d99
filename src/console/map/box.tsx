/** One box of the map. */
import { memo } from '../parts/memo.ts'
import type { Box } from './drawing.ts'

/** Of the text in a box, from its corner. */
const TEXT = { x: 11, title: 19, first: 36, line: 17 }
/** Boxes that nobody opens. */
const STILL: ReadonlySet<Box['kind']> = new Set(['zone', 'internet'])

export const BoxView = memo(({ box }: { box: Box }) => {
  const { id, kind, x, y, width, height, title, details, full, tone, folded } = box
  const isPlanned = id.includes('<')
  const still = isPlanned || STILL.has(kind)
  return (
    <g
      class={`box ${kind} ${tone} ${isPlanned ? 'planned' : ''}`}
      transform={`translate(${x} ${y})`}
      data-id={id}
      data-key={box.key}
      {...(folded !== undefined && { 'data-folded': String(folded) })}
      {...(!still && {
        tabindex: 0,
        role: 'button',
        'aria-label': [title, ...details].join(' '),
        'aria-description': full,
      })}
    >
      <rect class="body" width={width} height={height} rx={kind === 'vpc' ? 10 : 6} />
      {kind === 'subnet' && <rect class="edge" width={4} height={height} rx={2} />}
      {kind === 'instance' && <circle class="state" cx={width - 14} cy={15} r={4.5} />}
      <text class="title" x={TEXT.x} y={kind === 'zone' ? 15 : kind === 'internet' ? 22 : TEXT.title}>
        {title}
      </text>
      {/* Between lines a space is seen: it is heard by whoever reads the box as one text. */}
      {details.flatMap((line, i) => [
        ' ',
        <text key={line} class="detail" x={TEXT.x} y={TEXT.first + i * TEXT.line}>
          {line}
        </text>,
      ])}
      {folded !== undefined && !isPlanned && (
        <g class="fold" transform={`translate(${width - 30} 6)`}>
          <rect width={24} height={24} rx={4} />
          <path d={folded ? 'M8 10l4 4 4-4' : 'M8 14l4-4 4 4'} />
        </g>
      )}
    </g>
  )
})
