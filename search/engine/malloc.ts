/** glibc gives freed pages back and faults them in again: these settings are worth up to 2× in decompression and full-text inserts. */
export const MALLOC = { MALLOC_TRIM_THRESHOLD_: '1000000000', MALLOC_TOP_PAD_: '67108864', MALLOC_MMAP_THRESHOLD_: '1000000000' }
