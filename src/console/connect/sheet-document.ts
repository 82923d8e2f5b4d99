/**
 * A document for xterm.js that needs no inline style.
 *
 * The console's policy (style-src 'self') lets no page make <style> elements or style attributes, so that a text that
 * got into the page as markup could not even dress it up. xterm.js makes both, of its own numbers and colours. It takes
 * another document to make elements of; this one gives it elements whose text is a constructed style sheet, and whose
 * style attribute is set by the CSSOM: both are the work of scripts, which the policy lets through.
 */

const makerOf =
  (real: Document) =>
  (name: string): HTMLElement => {
    if (name === 'style') return sheetElement(real)
    return name === 'span' ? spanOf(real) : make(real, name)
  }

/** `real`, but for the elements that it makes. */
export function sheetDocument(real: Document): Document {
  const createElement = makerOf(real)
  return new Proxy(real, {
    get(_, property) {
      if (property === 'createElement') return createElement
      const value: unknown = Reflect.get(real, property, real)
      return typeof value === 'function' ? value.bind(real) : value
    },
  })
}

/**
 * Does the same to `real` itself while `work` runs: when it is opened, xterm.js 6.0 makes one <style> of the page's
 * document, whichever it was given.
 */
export function withSheets(real: Document, work: () => void): void {
  real.createElement = makerOf(real) as Document['createElement']
  try {
    work()
  } finally {
    Reflect.deleteProperty(real, 'createElement')
  }
}

const make = (real: Document, name: string): HTMLElement => Document.prototype.createElement.call(real, name)

/** In place of a <style> element: its text is in force while it has not been removed. */
function sheetElement(real: Document): HTMLElement {
  const sheet = new CSSStyleSheet()
  const element = make(real, 'template')
  real.adoptedStyleSheets.push(sheet)
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) })
  element.remove = () => {
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter((one) => one !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

function spanOf(real: Document): HTMLElement {
  const span = make(real, 'span')
  span.setAttribute = (name, value) => {
    if (name === 'style') span.style.cssText = value
    else Element.prototype.setAttribute.call(span, name, value)
  }
  return span
}
