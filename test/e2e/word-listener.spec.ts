import { describeWordListener } from '../../libs/sandbox/gladia/recogniser/word-listener.spec-kit.js';

describeWordListener({ oneIn: 1, most: { missed: 3, invented: 1 } });
