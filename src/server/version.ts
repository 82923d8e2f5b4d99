/** The version of this Isthmus, from its package. */
import packageJson from '../../package.json' with { type: 'json' }

export const VERSION: string = packageJson.version
