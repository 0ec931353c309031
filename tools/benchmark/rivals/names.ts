export const TWO_PROCESSES = 'two-process Node'
