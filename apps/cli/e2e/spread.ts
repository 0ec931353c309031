/** Multiples of the golden ratio, from 0 to 1: spread evenly however many are taken, in no order. */
export const spread = (n: number): number => n * 0.6180339887 % 1
