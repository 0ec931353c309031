/** The release this is part of: the root package's version. */
export { VERSION } from '@ipfs-mapreduce/service'
