/**
 * Kind of a day's work. `extend`: read new raw files and add their rows. `rebuild`: read all raw files again.
 * `consolidate`: merge small parts without reading raw files.
 */
export type WorkKind = 'extend' | 'rebuild' | 'consolidate'
