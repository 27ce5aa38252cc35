/** What kind of work a day needs. */
export type WorkKind = 'extend' | 'rebuild' | 'consolidate'
