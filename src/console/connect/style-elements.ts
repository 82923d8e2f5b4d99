/**
 * Elements for xterm.js that need no inline style.
 *
 * The console's policy (style-src 'self') lets nothing make <style> elements or style attributes, so that a text that
 * got into the page as markup could not even dress it up. xterm.js makes both, of its numbers and colours, and takes
 * them from the page's document whichever it is given (6.0). So the page makes these two kinds another way, for scripts
 * that ask for them by `createElement`: a constructed style sheet, and the CSSOM. The policy lets both through, as they
 * are a script's work and never markup's.
 */

/** From now on, for the whole page. */
export function needNoInlineStyle(page: Document): void {
  page.createElement = ((name: string, options?: ElementCreationOptions): HTMLElement => {
    if (name === 'style') return sheetElement(page)
    return name === 'span' ? spanOf(page) : make(page, name, options)
  }) as Document['createElement']
}

const make = (page: Document, name: string, options?: ElementCreationOptions): HTMLElement =>
  Document.prototype.createElement.call(page, name, options)

/** In place of a <style> element: its text is in force while it has not been removed. */
function sheetElement(page: Document): HTMLElement {
  const sheet = new CSSStyleSheet()
  const element = make(page, 'template')
  page.adoptedStyleSheets.push(sheet)
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) })
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((one) => one !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

function spanOf(page: Document): HTMLElement {
  const span = make(page, 'span')
  span.setAttribute = (name, value) => {
    if (name === 'style') span.style.cssText = value
    else Element.prototype.setAttribute.call(span, name, value)
  }
  return span
}
