/** The ways in which a file of events is read. */
export const EVENT_FORMATS = ['json', 'xml', 'wineventlog', 'raw'] as const
export type EventFormat = (typeof EVENT_FORMATS)[number]
