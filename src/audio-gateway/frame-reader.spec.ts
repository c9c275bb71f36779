import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Receiver, Sender } from 'ws';
import { FrameBuffer } from './frame-buffer.js';
import { FrameReader } from './frame-reader.js';
