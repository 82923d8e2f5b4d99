/** The console's map as a picture: the same layout and style, without a browser. */
import { readFileSync } from 'node:fs'
import type { Estate } from '../../console/estate/estate.ts'
import type { Box, Drawing, Line } from '../../console/map/drawing.ts'
import { foldsOf } from '../../console/map/folds.ts'
import { layout } from '../../console/map/layout.ts'
import type { EstateSeen } from '../course/network-seen.ts'
import { escaped } from './escaped.ts'

/** Pages are higher than wide: VPCs stand below each other. */
const RATIO = 0.4
const MARGIN = 16

/** The picture, for a page that has `mapStyle`. */
export function svgOf(seen: EstateSeen, title: string): string {
  const estate: Estate = { ...seen, groups: [], rules: new Map() }
  const drawing = layout(estate, foldsOf(estate, new Map()), RATIO)
  const [width, height] = [drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN]
  return [
    `<svg class="map" role="img" aria-label="${escaped(title)}"`,
    ` width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}">`,
    ...things(drawing),
    '</svg>',
  ].join('\n')
}

/** A picture that is a file of its own. */
export const svgFileOf = (svg: string): string =>
  svg.replace(/<svg([^>]*)>/, `<svg xmlns="http://www.w3.org/2000/svg"$1>\n<style>${mapStyle()}</style>`)

/** The console's style of the map, and what paper wants. */
export const mapStyle = (): string =>
  `${readFileSync(new URL('../../console/map/map.css', import.meta.url), 'utf8')}
.map .box { cursor: default }
@media print { .map { color-scheme: light } }
`

/** What other boxes are in: lines lead over these, and behind the others. */
const FRAMES: ReadonlySet<Box['kind']> = new Set(['vpc', 'zone', 'subnet'])

const things = ({ boxes, lines }: Drawing): string[] => [
  ...boxes.filter(({ kind }) => FRAMES.has(kind)).map(boxSvg),
  ...lines.map(({ kind, tone, path }) => `<path class="line ${kind} ${escaped(tone)}" d="${path}"/>`),
  ...boxes.filter(({ kind }) => !FRAMES.has(kind)).map(boxSvg),
  ...lines.flatMap(labelSvg),
]

const labelSvg = ({ label }: Line): string[] =>
  label ? [textSvg('label', label.x, label.y, label.text, ` transform="rotate(-90 ${label.x} ${label.y})"`)] : []

const textSvg = (kind: string, x: number, y: number, text: string, more = ''): string =>
  `<text class="${kind}" x="${x}" y="${y}"${more}>${escaped(text)}</text>`

/** Of the text in a box, from its corner; as on the console's map. */
const TEXT = { x: 11, title: 19, first: 36, line: 17 }
const TITLE: Readonly<Partial<Record<Box['kind'], number>>> = { zone: 15, internet: 22 }

function boxSvg({ kind, x, y, width, height, title, details, full, tone }: Box): string {
  return [
    `<g class="box ${kind} ${escaped(tone)}" transform="translate(${x} ${y})"><title>${escaped(full)}</title>`,
    `<rect class="body" width="${width}" height="${height}" rx="${kind === 'vpc' ? 10 : 6}"/>`,
    ...(kind === 'subnet' ? [`<rect class="edge" width="4" height="${height}" rx="2"/>`] : []),
    ...(kind === 'instance' ? [`<circle class="state" cx="${width - 14}" cy="15" r="4.5"/>`] : []),
    textSvg('title', TEXT.x, TITLE[kind] ?? TEXT.title, title),
    ...details.map((line, i) => textSvg('detail', TEXT.x, TEXT.first + i * TEXT.line, line)),
    '</g>',
  ].join('')
}
