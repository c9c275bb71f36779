export * from '../../libs/ws-fast-path/frame-header.js';
