/** What the metadata service answers: texts, and its error pages. */
import type { MetadataAnswer } from '../../engines/engine.ts'

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
} as const

const SERVER = { server: 'EC2ws' }

export const textPage = (
  body: string,
  type = 'text/plain',
  headers: MetadataAnswer['headers'] = {},
): MetadataAnswer => ({
  status: 200,
  headers: { ...SERVER, 'content-type': type, ...headers },
  body,
})

/** Clients look at the status; people see the page. */
export function errorPage(status: keyof typeof TITLES): MetadataAnswer {
  const title = `${status} - ${TITLES[status]}`
  const body = `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${title}</title>
 </head>
 <body>
  <h1>${title}</h1>
 </body>
</html>
`
  return { status, headers: { ...SERVER, 'content-type': 'text/html' }, body }
}
