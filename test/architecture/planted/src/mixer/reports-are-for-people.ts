export * from '../records/session-report-reader.js';
