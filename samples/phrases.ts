/** Titles, skills and tasks of a trade, in one language. */
export interface Trade {
  readonly titles: readonly string[]
  readonly skills: readonly string[]
  readonly tasks: readonly string[]
}

/** Parts of listings in one language. `{city}` and `{company}` are filled in. */
export interface Phrases {
  readonly intros: readonly string[]
  readonly headings: readonly [tasks: string, offer: string]
  readonly offers: readonly string[]
  readonly trades: readonly Trade[]
}

/** Phrases by language (ISO 639-1). */
export const PHRASES: Readonly<Record<string, Phrases>> = {
  en: {
    intros: [
      '{company} is growing, and we are looking for someone who cares about doing the job well. You will join a friendly team in {city}.',
      'Do you want your work to matter? At {company} in {city} you will meet people who listen, and managers who keep their promises.',
      'We have been a part of {city} for more than thirty years. To keep up with demand, {company} is hiring now.',
    ],
    headings: ['What you will do', 'What we offer'],
    offers: [
      '25 days of holiday & your birthday off',
      'Health, dental and vision insurance from day one',
      'A real training budget that you can actually spend',
      'Flexible hours – you decide when your day begins',
      'Free parking and a subsidised canteen',
    ],
    trades: [
      {
        titles: ['Registered Nurse (Nights)', 'Care Assistant', 'Staff Nurse – Cardiology'],
        skills: ['Patient Care', 'First Aid', 'Triage', 'Medication'],
        tasks: [
          'Look after up to eight patients a shift',
          'Keep records accurate and up to date',
          'Work closely with doctors and families',
        ],
      },
      {
        titles: ['Senior Software Engineer', 'Backend Developer', 'Data Engineer (Streaming)'],
        skills: ['TypeScript', 'SQL', 'AWS', 'Kafka', 'Go'],
        tasks: [
          'Design services that stay up when things break',
          'Review code kindly and thoroughly',
          'Own what you ship, from design to on-call',
        ],
      },
      {
        titles: ['WAREHOUSE OPERATIVE!!! IMMEDIATE START', 'Forklift Driver', 'Class A Truck Driver'],
        skills: ['Forklift Licence', 'Inventory', 'CDL'],
        tasks: [
          'Load & unload deliveries safely',
          'Pick orders with a hand scanner',
          'Report damage the same day',
        ],
      },
    ],
  },
  de: {
    intros: [
      'Wir sind ein familiengeführtes Unternehmen mit Sitz in {city} und wachsen weiter. Zur Verstärkung sucht {company} Menschen, die mitdenken.',
      'Bei {company} in {city} arbeiten Sie in einem Team, das sich aufeinander verlassen kann. Wir freuen uns auf Ihre Bewerbung.',
    ],
    headings: ['Ihre Aufgaben', 'Das bieten wir Ihnen'],
    offers: [
      '30 Tage Urlaub und flexible Arbeitszeiten',
      'Betriebliche Altersvorsorge & Jobticket',
      'Einen unbefristeten Arbeitsvertrag',
      'Regelmäßige Fort- und Weiterbildungen',
    ],
    trades: [
      {
        titles: ['Pflegefachkraft (m/w/d)', 'Altenpfleger (m/w/d) im Nachtdienst'],
        skills: ['Pflege', 'Dokumentation', 'Wundversorgung'],
        tasks: [
          'Sie betreuen unsere Bewohnerinnen und Bewohner',
          'Sie dokumentieren die Pflege sorgfältig',
          'Sie arbeiten eng mit Ärztinnen und Ärzten zusammen',
        ],
      },
      {
        titles: ['Softwareentwickler Java (m/w/d)', 'Systemadministrator (m/w/d)'],
        skills: ['Java', 'Linux', 'SQL', 'Kubernetes'],
        tasks: [
          'Sie entwickeln unsere Plattform weiter',
          'Sie übernehmen Verantwortung für Qualität und Betrieb',
          'Sie beraten die Fachbereiche auf Augenhöhe',
        ],
      },
    ],
  },
  fr: {
    intros: [
      'Rejoignez {company} à {city}\u00a0! Nous recherchons une personne motivée, à l’aise en équipe et attentive aux détails.',
      'Depuis plus de vingt ans, {company} accompagne ses clients à {city} et dans toute la région. Nous recrutons dès maintenant.',
    ],
    headings: ['Vos missions', 'Nos avantages'],
    offers: [
      'Tickets restaurant et mutuelle prise en charge',
      'Deux jours de télétravail par semaine',
      'Une prime de fin d’année',
      'Une formation dès votre arrivée',
    ],
    trades: [
      {
        titles: ['Infirmier / Infirmière diplômé(e) d’État', 'Aide-soignant(e) de nuit'],
        skills: ['Soins', 'Écoute', 'Travail de nuit'],
        tasks: [
          'Assurer les soins quotidiens des patients',
          'Tenir à jour les dossiers',
          'Travailler avec une équipe pluridisciplinaire',
        ],
      },
      {
        titles: ['Chef de rang H/F', 'Cuisinier(ère) – temps partiel'],
        skills: ['Cuisine', 'Service en salle', 'HACCP'],
        tasks: [
          'Accueillir et conseiller nos clients',
          'Respecter les règles d’hygiène',
          'Préparer la mise en place avant le service',
        ],
      },
    ],
  },
  es: {
    intros: [
      'En {company} buscamos a una persona responsable y con ganas de aprender para nuestro centro de {city}.',
      '¿Te gusta trabajar en equipo? {company} amplía su plantilla en {city} y queremos conocerte.',
    ],
    headings: ['Tus funciones', 'Qué ofrecemos'],
    offers: [
      'Contrato indefinido desde el primer día',
      'Horario flexible y viernes por la tarde libre',
      'Seguro médico para ti y tu familia',
      'Formación continua a cargo de la empresa',
    ],
    trades: [
      {
        titles: ['Mozo/a de almacén', 'Conductor/a de reparto'],
        skills: ['Carnet B', 'Inventario', 'Atención al cliente'],
        tasks: [
          'Preparar los pedidos del día',
          'Cargar y descargar la mercancía',
          'Mantener el almacén limpio y ordenado',
        ],
      },
      {
        titles: ['Desarrollador/a web', 'Analista de datos'],
        skills: ['JavaScript', 'SQL', 'Python'],
        tasks: [
          'Desarrollar nuevas funciones para nuestros clientes',
          'Analizar los datos y explicar lo que dicen',
          'Mejorar el rendimiento de la aplicación',
        ],
      },
    ],
  },
  pt: {
    intros: [
      'A {company} está contratando em {city}! Procuramos pessoas comprometidas, que gostem de aprender e de trabalhar em equipe.',
    ],
    headings: ['O que você vai fazer', 'O que oferecemos'],
    offers: [
      'Vale-refeição e vale-transporte',
      'Plano de saúde e odontológico',
      'Participação nos lucros',
      'Horário flexível e trabalho híbrido',
    ],
    trades: [
      {
        titles: ['Auxiliar Administrativo', 'Vendedor(a) Externo'],
        skills: ['Excel', 'Atendimento', 'Vendas'],
        tasks: [
          'Atender os clientes com atenção e respeito',
          'Organizar os documentos do setor',
          'Acompanhar as metas da equipe',
        ],
      },
    ],
  },
  nl: {
    intros: [
      'Wij zijn op zoek naar een enthousiaste collega voor ons team in {city}. Bij {company} krijg je de ruimte om je werk goed te doen.',
    ],
    headings: ['Wat ga je doen?', 'Wat bieden wij jou?'],
    offers: [
      'Een goed salaris en een dertiende maand',
      'Reiskostenvergoeding en een fiets van de zaak',
      'Vijfentwintig vakantiedagen per jaar',
      'Ruimte om je te blijven ontwikkelen',
    ],
    trades: [
      {
        titles: ['Verpleegkundige wijkzorg', 'Allround monteur'],
        skills: ['Zorg', 'Rijbewijs B', 'Techniek'],
        tasks: [
          'Je plant je eigen werkdag samen met je collega’s',
          'Je houdt bij wat je hebt gedaan',
          'Je denkt mee over hoe het beter kan',
        ],
      },
    ],
  },
  pl: {
    intros: [
      'Szukamy osoby, która dołączy do naszego zespołu w mieście {city}. {company} rozwija się od lat i ceni ludzi, którzy chcą się uczyć.',
    ],
    headings: ['Twoje zadania', 'Co oferujemy'],
    offers: [
      'Umowę o pracę na czas nieokreślony',
      'Prywatną opiekę medyczną',
      'Elastyczne godziny pracy',
      'Szkolenia i jasną ścieżkę rozwoju',
    ],
    trades: [
      {
        titles: ['Specjalista ds. księgowości', 'Programista Python'],
        skills: ['Excel', 'Python', 'Księgowość'],
        tasks: [
          'Prowadzenie dokumentacji zgodnie z przepisami',
          'Współpraca z zespołem w całej Polsce',
          'Przygotowywanie raportów dla zarządu',
        ],
      },
    ],
  },
  ja: {
    intros: [
      '{company}では、{city}で一緒に働く仲間を募集しています。未経験の方も歓迎します。先輩が丁寧に教えますので、安心してご応募ください。',
    ],
    headings: ['仕事内容', '待遇・福利厚生'],
    offers: [
      '社会保険完備、交通費全額支給',
      '年間休日125日、有給休暇あり',
      '在宅勤務も相談できます',
      '資格取得を支援する制度があります',
    ],
    trades: [
      {
        titles: ['Webエンジニア（正社員）', '介護スタッフ'],
        skills: ['TypeScript', '介護福祉士', '接客'],
        tasks: [
          'お客様のご要望を伺い、提案を行います',
          'チームで協力しながら開発を進めます',
          '日々の記録を作成し、共有します',
        ],
      },
    ],
  },
}

/** Companies that post listings. */
export const COMPANIES: readonly string[] = [
  'Northgate Health',
  'Brückner & Söhne GmbH',
  'Café Lumière',
  'Transportes Río Alto',
  'Bluefin Logistics, Inc.',
  'Kowalska i Wspólnicy',
  '株式会社みらい',
  'Oak & Anchor',
  'Zorggroep De Linde',
  'Padaria Três Irmãos',
  'Quantwerk AG',
  'L’Atelier du Nord',
]
