import { loadRecordings } from '../recordings/catalogue.js';
import { Lexicon } from './recogniser/lexicon.js';

let lexicon: Lexicon | undefined;

/** What the bundled recordings teach; it never changes, so all sandboxes of a process share it. */
export function bundledLexicon(): Lexicon {
  lexicon ??= new Lexicon(loadRecordings());
  return lexicon;
}
