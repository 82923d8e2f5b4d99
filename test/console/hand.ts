/** A person at the console, with a mouse. */
import type { Opened } from './browser.ts'

/** What a person does, in the words that the page has for it. */
export function hand({ page }: Opened) {
  const panel = page.locator('.aside')
  const press = (name: string) => panel.getByRole('button', { name, exact: true }).last().click()
  return {
    panel,
    press,
    open: (name: string) => page.locator('.bar').getByRole('button', { name }).click(),
    type: (label: string, text: string) => panel.getByLabel(label, { exact: true }).last().fill(text),
    async choose(label: string, text: RegExp) {
      const select = panel.getByLabel(label, { exact: true }).last()
      const option = select.locator('option', { hasText: text }).first()
      await option.waitFor({ state: 'attached' })
      await select.selectOption((await option.getAttribute('value')) ?? '')
    },
    /** AWS has one type the word before a thing is deleted for good. */
    confirm: () => panel.getByLabel('To confirm deletion, type delete in the field').fill('delete'),
    box: (text: string | RegExp) => page.locator('.map-frame .box', { hasText: text }).first(),
    said: (text: string | RegExp) => panel.getByText(text).first().waitFor(),
  }
}
export type Hand = ReturnType<typeof hand>
