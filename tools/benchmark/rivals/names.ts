/** What users would pick instead, as results name it. */
export const TWO_PROCESSES = 'two-process Node'
export const ONE_PROCESS = 'one-process Node'
export const COREUTILS = 'tr | sort | uniq -c'
export const MAWK = 'mawk'
export const GNU_GREP = 'GNU grep'
export const GNU_SORT = 'GNU sort'
export const RAW_STREAM = 'raw libp2p stream'
export const BITSWAP = 'bitswap'
export const HELIA = 'Helia\'s importer'
export const ONE_MAPPER = 'one mapper'
/** The cluster without reading what lies on the same machine: what it is on several. */
export const APART = 'cluster, its services apart'
