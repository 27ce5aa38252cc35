import { detect } from 'tinyld'
import { language } from '../processing/fields/languages.ts'
import { accuracyOf, labelledSentences } from '../test/support/processing/labelled-sentences.ts'

/** Accuracy and speed of a language detector on labelled sentences. */
export interface DetectorFigures {
  readonly detector: string
  readonly accuracy: number
  readonly cpuMicrosecondsPerText: number
}

/** The sentences, and the figures of each detector. */
export interface LanguageFigures {
  readonly texts: number
  readonly languages: number
  readonly detectors: readonly DetectorFigures[]
}

const DETECTORS = { language, tinyld: detect }

/** Compares the detector of the feature library with its predecessor. */
export function benchLanguages(): LanguageFigures {
  const sentences = labelledSentences()
  const detectors = Object.entries(DETECTORS).map(([detector, tell]) => {
    accuracyOf(tell, sentences)
    const begun = process.cpuUsage()
    const accuracy = accuracyOf(tell, sentences)
    const { user, system } = process.cpuUsage(begun)
    return { detector, accuracy, cpuMicrosecondsPerText: (user + system) / sentences.length }
  })
  const languages = new Set(sentences.map((sentence) => sentence.language))
  return { texts: sentences.length, languages: languages.size, detectors }
}
