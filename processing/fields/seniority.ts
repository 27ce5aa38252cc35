import { text } from './text.ts'
import { tokens } from './tokens.ts'

/** What a position asks for, from the least to the most. */
export type Seniority = 'intern' | 'junior' | 'senior' | 'lead' | 'director'

/** Words of titles in the languages of the samples and some more. The first level of which a title has a word counts. */
const WORDS: Readonly<Record<Seniority, string>> = {
  intern:
    'intern internship apprentice apprenticeship praktikum praktikant praktikantin werkstudent werkstudentin azubi ' +
    'auszubildende auszubildender ausbildung stagiaire alternance alternant alternante apprenti apprentie becario ' +
    'becaria prácticas estágio estagiário estagiária stagiair stagista tirocinio tirocinante stażysta staż praktykant ' +
    'praktikplats',
  director:
    'director directora directeur directrice direktor direktorin direttore direttrice diretor diretora dyrektor ' +
    'direktör geschäftsführer geschäftsführerin vp ceo cto cfo coo cio chief',
  lead:
    'lead leiter leiterin teamleiter teamleiterin teamlead principal head responsable jefe jefa líder chefe ' +
    'leidinggevende teamleider hoofd kierownik kierowniczka lider responsabile supervisor foreman',
  senior:
    'senior sr erfahrener erfahrene erfahren expérimenté expérimentée sénior starszy doświadczony experienced',
  junior:
    'junior jr trainee graduate berufseinsteiger berufseinsteigerin débutant débutante principiante júnior starter ' +
    'młodszy młodsza beginner',
}
/** The same in languages that write no spaces. */
const PARTS: readonly (readonly [part: string, level: Seniority])[] = [
  ['インターン', 'intern'],
  ['部長', 'director'],
  ['リーダー', 'lead'],
  ['店長', 'lead'],
  ['シニア', 'senior'],
  ['ジュニア', 'junior'],
]
/** What the beginning of a text says to beginners. */
const FOR_BEGINNERS =
  /entry[- ]level|no (?:prior |previous )?experience (?:required|needed|necessary)|berufseinsteiger|quereinsteiger|débutants? acceptés?|sin experiencia|sem experiência|geen ervaring (?:nodig|vereist)|bez doświadczenia|未経験/
const BEGINNING_CHARACTERS = 300

const LEVELS = new Map(
  (Object.keys(WORDS) as Seniority[]).flatMap((level, rank) =>
    WORDS[level].split(' ').map((word) => [word, { level, rank }]),
  ),
)

/**
 * The seniority that a listing's title names in a word, in one of eight languages, or else its text's beginning by
 * welcoming beginners (`junior`); null where neither does. Of several the one that tells most: an intern of a director
 * is one.
 */
export function seniority(title: unknown, description?: unknown): Seniority | null {
  let best: { readonly level: Seniority; readonly rank: number } | undefined
  for (const word of tokens(title)) {
    const found = LEVELS.get(word)
    if (found !== undefined && (best === undefined || found.rank < best.rank)) best = found
  }
  return best?.level ?? partOf(text(title) ?? '') ?? fromText(description)
}

function partOf(title: string): Seniority | undefined {
  return PARTS.find(([part]) => title.includes(part))?.[1]
}

function fromText(description: unknown): Seniority | null {
  const beginning = text(description)?.slice(0, BEGINNING_CHARACTERS).toLowerCase()
  return beginning !== undefined && FOR_BEGINNERS.test(beginning) ? 'junior' : null
}
