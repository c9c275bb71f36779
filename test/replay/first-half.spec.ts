import { replayShare } from './all-replays.js';

replayShare(0, 2);
