import { text } from './text.ts'
import { tokens } from './tokens.ts'

/** Seniority that a position asks for, from lowest to highest. */
export type Seniority = 'intern' | 'junior' | 'senior' | 'lead' | 'director'

/** Words of titles, in the languages of the samples and some more. The first level with a word in the title counts. */
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
/** The same for languages that write no spaces. */
const PARTS: readonly (readonly [part: string, level: Seniority])[] = [
  ['インターン', 'intern'],
  ['部長', 'director'],
  ['リーダー', 'lead'],
  ['店長', 'lead'],
  ['シニア', 'senior'],
  ['ジュニア', 'junior'],
]
/** Phrases that welcome beginners at the beginning of a text. */
const FOR_BEGINNERS =
  /entry[- ]level|no (?:prior |previous )?experience (?:required|needed|necessary)|berufseinsteiger|quereinsteiger|débutants? acceptés?|sin experiencia|sem experiência|geen ervaring (?:nodig|vereist)|bez doświadczenia|未経験/i
const BEGINNING_CHARACTERS = 300

const LEVELS = new Map(
  (Object.keys(WORDS) as Seniority[]).flatMap((level, rank) =>
    WORDS[level].split(' ').map((word) => [word, { level, rank }]),
  ),
)

/**
 * Returns the seniority that a word of a position's title names, in one of eight languages. If none does, `junior` if
 * the beginning of the description welcomes beginners, else null. Of several words the most telling counts: an intern
 * of a director is an intern.
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
  const beginning = text(description)?.slice(0, BEGINNING_CHARACTERS)
  return beginning !== undefined && FOR_BEGINNERS.test(beginning) ? 'junior' : null
}
