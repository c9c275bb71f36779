import { replayShare } from './all-replays.js';

replayShare(1, 2);
