// Builds the caption page into web/dist, from where the service sends it.
import { buildPage } from './page.js';

await buildPage();
