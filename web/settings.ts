import { make, part, partAs } from './part.js';

/** The caption settings that television has, kept in this browser. The first choice of each is the default. */
const CHOICES = {
  size: { Normal: '1.25rem', Small: '1rem', Large: '1.75rem', 'Very large': '2.5rem', Huge: '4rem' },
  font: {
    'Sans serif': 'system-ui, sans-serif',
    Serif: 'Georgia, serif',
    'Monospaced sans serif': 'ui-monospace, monospace',
    'Monospaced serif': '"Courier New", monospace',
    Casual: '"Comic Sans MS", fantasy',
    Cursive: 'cursive',
    'Small capitals': 'small-caps',
  },
  colour: {
    Automatic: '',
    White: '#ffffff',
    Black: '#000000',
    Yellow: '#ffff00',
    Green: '#00ff00',
    Cyan: '#00ffff',
    Blue: '#0000ff',
    Magenta: '#ff00ff',
    Red: '#ff0000',
  },
  textOpacity: { '100 %': '100%', '75 %': '75%', '50 %': '50%' },
  background: {
    Automatic: '',
    Black: '#000000',
    White: '#ffffff',
    Blue: '#000080',
    Green: '#004000',
    Red: '#600000',
    Yellow: '#ffff00',
  },
  backgroundOpacity: { '75 %': '75%', '100 %': '100%', '50 %': '50%', '25 %': '25%', None: '0%' },
  window: { None: '', Black: '#000000', White: '#ffffff', Grey: '#404040' },
  windowOpacity: { '50 %': '50%', '75 %': '75%', '100 %': '100%', '25 %': '25%' },
  edge: {
    None: 'none',
    'Drop shadow': '0.08em 0.08em 0.08em #000',
    Raised: '0.03em 0.03em #fff, 0.06em 0.06em #555',
    Depressed: '-0.03em -0.03em #555, 0.03em 0.03em #fff',
    Outline: '0 0 0.08em #000, 0 0 0.08em #000, 0 0 0.08em #000, 0 0 0.08em #000',
  },
  position: { Bottom: 'bottom', Top: 'top' },
  lines: { 2: '2', 3: '3' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

type Name = keyof typeof CHOICES;

export interface Settings {
  readonly choices: Readonly<Record<Name, string>>;
  readonly announce: boolean;
}

const KEY = 'roomscribe.captions';
const NAMES = Object.keys(CHOICES) as Name[];
const labelsOf = (name: Name): string[] => Object.keys(CHOICES[name]);
const defaults = (): Settings => ({
  choices: Object.fromEntries(NAMES.map((name) => [name, labelsOf(name)[0]])) as Settings['choices'],
  announce: true,
});

/** What this browser keeps; the defaults for whatever is missing or not valid. */
function kept(): Settings {
  const known = defaults();
  try {
    const { choices, announce } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>;
    const valid = Object.entries<string>(choices ?? {}).filter(
      ([name, label]) => name in CHOICES && labelsOf(name as Name).includes(label),
    );
    return { choices: { ...known.choices, ...Object.fromEntries(valid) }, announce: announce ?? known.announce };
  } catch {
    return known; // storage is blocked, or not ours
  }
}

/** Shows the settings dialog on demand, applies what is chosen at once, and keeps it. */
export class SettingsDialog {
  settings = kept();
  readonly #dialog = partAs('settings', HTMLDialogElement);
  readonly #form = this.#dialog.querySelector('form') ?? make('form');

  /** @param changed is called after each change */
  constructor(private readonly changed: () => void) {
    for (const name of NAMES) {
      const options = labelsOf(name).map((label) => make('option', { textContent: label, value: label }));
      this.#control(name).replaceChildren(...options);
    }
    part('settings-button').addEventListener('click', () => this.#dialog.showModal());
    part('reset').addEventListener('click', () => this.#set(defaults()));
    this.#form.addEventListener('change', () => this.#set(this.#chosen()));
    this.#apply();
  }

  #chosen(): Settings {
    const choices = Object.fromEntries(NAMES.map((name) => [name, this.#control(name).value])) as Settings['choices'];
    return { choices, announce: this.#announce.checked };
  }

  #set(settings: Settings): void {
    this.settings = settings;
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // Storage is blocked: the settings hold until the page is left.
    }
    this.#apply();
    this.changed();
  }

  #apply(): void {
    const { style, dataset } = document.body;
    for (const name of NAMES) {
      const label = this.settings.choices[name];
      this.#control(name).value = label;
      const value = (CHOICES[name] as Readonly<Record<string, string>>)[label] ?? '';
      if (value === '') style.removeProperty(`--caption-${name.toLowerCase()}`);
      else style.setProperty(`--caption-${name.toLowerCase()}`, value);
      dataset[name] = label;
    }
    this.#announce.checked = this.settings.announce;
  }

  get #announce(): HTMLInputElement {
    return this.#form.elements.namedItem('announce') as HTMLInputElement;
  }

  #control(name: Name): HTMLSelectElement {
    return this.#form.elements.namedItem(name) as HTMLSelectElement;
  }
}
