export * from '../protocol/message.js';
