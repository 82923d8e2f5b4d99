/** The map as a file: SVG with its style inside, or PNG. */
import { saved } from '../parts/saved.ts'
import type { Drawing } from './drawing.ts'
import style from './map.css?inline'

const NAMESPACE = 'http://www.w3.org/2000/svg'
const PIXELS = 2

/** Offers the whole map, as it is now, as a file. */
export async function exportMap(svg: SVGSVGElement, size: Drawing, form: 'svg' | 'png'): Promise<void> {
  const text = new Blob([standalone(svg, size)], { type: 'image/svg+xml' })
  saved(form === 'svg' ? text : await pixels(text, size), `isthmus-map.${form}`)
}

function standalone(svg: SVGSVGElement, { width, height }: Drawing): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  copy.setAttribute('xmlns', NAMESPACE)
  copy.setAttribute('viewBox', `-16 -16 ${width + 32} ${height + 32}`)
  copy.setAttribute('width', String(width + 32))
  copy.setAttribute('height', String(height + 32))
  copy.toggleAttribute('data-lighting', false)
  copy.querySelector('g')?.removeAttribute('transform')
  const dark = getComputedStyle(svg).colorScheme === 'dark'
  copy.dataset.theme = dark ? 'dark' : 'light'
  const element = document.createElementNS(NAMESPACE, 'style')
  element.textContent = style
  copy.prepend(element)
  return new XMLSerializer().serializeToString(copy)
}

async function pixels(text: Blob, { width, height }: Drawing): Promise<Blob> {
  const image = new Image()
  image.src = URL.createObjectURL(text)
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = (width + 32) * PIXELS
  canvas.height = (height + 32) * PIXELS
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  URL.revokeObjectURL(image.src)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the map is too large for a picture')))),
  )
}
