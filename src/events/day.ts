/** Of a day of 24 hours, in UTC: a local day may be shorter or longer. */
export const dayMilliseconds = 86_400_000;
