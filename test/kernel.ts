/** Whether tests that need the kernel can run here. */
import { missingForLinux } from '../src/engines/linux/availability.ts'

const missing = missingForLinux()

/** False, or why a kernel test is skipped. With ISTHMUS_REQUIRE_KERNEL it is not skipped: it fails. */
export const noKernel: string | false =
  missing.length > 0 && !process.env.ISTHMUS_REQUIRE_KERNEL ? missing.join(' ') : false
