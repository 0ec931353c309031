/** The release this is part of: the root package's version. */
export const VERSION = '0.1.0'
